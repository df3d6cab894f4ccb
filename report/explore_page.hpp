// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "features/curves.hpp"
#include "features/settings.hpp"

#include <string>
#include <vector>

namespace fugato {

/// A track as the page shows it: drawn as soon as it was measured, so that only pictures are kept.
struct track_pictures {
  std::string name;
  std::string label;               ///< may be empty
  std::string player;              ///< HTML; empty where the track cannot be heard
  std::vector<std::string> views;  ///< HTML, one for each of views()
  std::vector<std::string> legend; ///< of each, HTML
  std::vector<std::string> facts;  ///< as track_fact_names() names them
};

std::vector<std::string> track_fact_names();

/// @param number of the track in the page @param mp3 what can be heard; may be empty
track_pictures pictures_of(const curves& x, const std::string& name, const std::string& label, std::size_t number,
                           const std::string& mp3);

struct exploration {
  std::string corpus; ///< what is explored, as it was named
  std::uint32_t rate = 0;
  feature_settings settings;
  std::vector<track_pictures> tracks;
  std::string remark;                ///< a sentence for the head of the page; may be empty
  std::vector<std::string> failures; ///< a sentence a track that could not be used
};

/// The tracks side by side, view by view, as one page.
std::string explore_page(const exploration& x);

} // namespace fugato
