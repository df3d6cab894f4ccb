// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/comparison_stage.hpp"

namespace fugato {

const catalog<comparison_stage>& comparison_stages() {
  static const catalog<comparison_stage> rows{
      "stage",
      {{"extract", "From audio to the feature table: dispatch policies and their workers.", false,
        "Schedulers compared", "synchronous", "synchronous", "reading and measuring",
        "transfer and coordination: all other CPU", "Which line worked on which track when"},
       {"train", "From the table to the model: threads of one process, and ranks with shares of the rows.", true,
        "Training compared", "local", "local/1", "learning",
        "all other CPU: reading the table, messages, judging, writing", "CPU and memory over time"}}};
  return rows;
}

} // namespace fugato
