// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

/// A real browser without a window, for tests of pages: Debian's Chromium, told what to do by the DevTools protocol
/// over two pipes.
namespace browsing {

/// Whether there is a Chromium; says so where there is none, which ctest takes for "skipped".
bool available();

class browser {
public:
  browser(); ///< starts it. @throws std::runtime_error
  ~browser();
  browser(const browser&) = delete;
  browser& operator=(const browser&) = delete;

  /// Opens a page as a computer (1280 pixels wide) and as a phone (390), light and dark.
  /// @param selectors CSS selectors of what must be there and visible
  /// @param server requests to URLs that begin so are the page's own; empty: no request is allowed but for the page
  /// @returns what is wrong, a line each; empty when all is well: errors and warnings on the console, exceptions,
  /// requests, elements that
  ///          are missing, empty canvases, content wider than the screen. With FUGATO_SCREENSHOTS=DIR in the
  ///          environment, what was seen is there as PNG files named after `name`.
  std::string look(const std::string& name, const std::string& url, const std::vector<std::string>& selectors,
                   const std::string& server = "");

  /// Opens a page of this width and waits until it has loaded.
  void open(const std::string& url, unsigned width);

  /// The value of a JavaScript expression in the page, as JSON text; of a promise, what it comes to.
  /// @throws std::runtime_error when it throws
  std::string evaluate(const std::string& expression);

  /// Waits until the expression is true. @throws std::runtime_error after a minute
  void wait_until(const std::string& expression);

  /// What went wrong since `open`.
  std::vector<std::string> complaints() const;

private:
  class connection;
  std::unique_ptr<connection> to_;
};

/// `file://` URL of an absolute path.
std::string file_url(const std::string& path);

} // namespace browsing
