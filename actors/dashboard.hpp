// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actors/run_watch.hpp"

#include <memory>
#include <string>
#include <string_view>

/// The live view: a small HTTP server that shows a run while it goes on. No CAF here.
namespace fugato {

/// Serves, from threads of its own:
///   /            the page
///   /api/status  live_status as JSON
///   /api/events  the same as server-sent events, twice a second, the last one named `end`
///   /metrics     Prometheus text
/// It can only be looked at: all methods but GET and HEAD are refused, and so are requests that name a host which is
/// not it, as those of a foreign page whose name was made to lead here do (DNS rebinding).
class dashboard {
public:
  /// @param place `HOST:PORT`, or a port, which then is of the loopback interface; port 0: any that is free
  /// @param watch what to show
  /// @throws error(settings) when the place is none, or is not to be had
  dashboard(const std::string& place, std::shared_ptr<const run_watch> watch);
  ~dashboard(); ///< tells readers that it ends
  dashboard(const dashboard&) = delete;
  dashboard& operator=(const dashboard&) = delete;

  /// "http://127.0.0.1:8787/"
  const std::string& url() const { return url_; }
  /// Whether other machines may reach it.
  bool open_to_others() const { return open_; }

private:
  class server;
  std::unique_ptr<server> server_;
  std::string url_;
  bool open_ = false;
};

/// Whether the Host header of a request names this server: an IP address, `localhost`, the machine's own name, or the
/// host that the settings name; with or without a port. A page of another site can make a browser send any name but
/// these.
bool names_this_server(std::string_view header, std::string_view own_host, std::string_view machine);

} // namespace fugato
