// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/pipeline.hpp"

#include <utility>

namespace fugato {

observer_actor::behavior_type observer(observer_actor::pointer self, std::function<void(const progress&)> tell) {
  return viewer(self, std::move(tell), [](const dispatch_status&) {});
}

observer_actor::behavior_type viewer(observer_actor::pointer, std::function<void(const progress&)> tell,
                                     std::function<void(const dispatch_status&)> show) {
  return {
      [tell = std::move(tell)](const progress& x) { tell(x); },
      [show = std::move(show)](const dispatch_status_ptr& x) { show(*x); },
  };
}

} // namespace fugato
