// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/page.hpp"

#include "config/error.hpp"
#include "report/page_assets.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace fugato {
namespace {

/// JSON that a script element holds must not end it: there, < > & stand in texts only, where they may be escaped.
std::string script_safe(const std::string& json) {
  std::string result;
  for (const char c : json)
    if (c == '<' || c == '>' || c == '&')
      result += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    else
      result += c;
  return result;
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::string script_element(std::string_view text) { return "<script>" + std::string(text) + "</script>\n"; }

std::string policy(reach to) {
  return std::string("default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; "
                     "media-src data:") +
         (to == reach::own_server ? "; connect-src 'self'" : "");
}

} // namespace

std::string chart_canvas(const chart& x) {
  using nlohmann::json;
  const json config = json::parse(x.config, nullptr, false);
  if (config.is_discarded())
    throw error(errc::internal, "chart " + x.id + ": its configuration must be JSON");
  const std::string text = config.dump(-1, ' ', false, json::error_handler_t::replace);
  return element("div", {{"class", "canvas"}, {"style", fmt::format("height:{}px", x.height)}},
                 element("canvas", {{"id", x.id}, {"role", "img"}, {"aria-label", x.title}})) +
         element("script", {{"type", "application/json"}, {"data-chart", x.id}}, script_safe(text)) + "\n";
}

std::string data_element(const std::string& id, const std::string& json) {
  return element("script", {{"type", "application/json"}, {"id", id}}, script_safe(json)) + "\n";
}

std::string page(const std::string& title, const std::string& content, std::string_view script, reach to) {
  std::string head = "<meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
                     "<meta http-equiv=\"Content-Security-Policy\" content=\"" +
                     policy(to) + "\">" + element("title", {}, escaped(title)) + "<style>" +
                     std::string(assets::page_css) + "</style>";
  std::string scripts;
  if (contains(content, "<canvas"))
    scripts += script_element(assets::chart_js);
  if (contains(content, "<canvas") || contains(content, "data-tip") || !script.empty())
    scripts += script_element(assets::page_js);
  if (!script.empty())
    scripts += script_element(script);
  return "<!DOCTYPE html>\n<html lang=\"en\"><head>" + head + "</head>\n<body>" + element("main", {}, content) + "\n" +
         scripts + "</body></html>\n";
}

} // namespace fugato
