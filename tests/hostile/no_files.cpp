// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/hostile/cases.hpp"

#include <cstring>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace fugato::hostile {
namespace {

using enum fate;
namespace fs = std::filesystem;

auto linking(const std::string& target) {
  return [target](const std::string& path) { fs::create_symlink(target, path); };
}

/// A text or the beginning of a format.
auto saying(std::string_view text) {
  return [text](const std::string& path) { test::write_bytes(path, std::as_bytes(std::span(text))); };
}

/// libsndfile would open it, and tell of each packet that does not begin as one, on stdout.
auto damaged_dump() {
  using namespace std::string_view_literals;
  constexpr std::string_view head = "\xF0\x7E\0\x01\0\0\x10\x27\x62\x02\x22\x32\x28\0\0\0\0\0\0\0\xF7"sv;
  constexpr std::size_t packets = 60;
  auto dump = bytes(head.size() + packets * 127);
  std::fill(dump.begin(), dump.end(), std::byte{'A'});
  std::copy_n(std::as_bytes(std::span(head)).begin(), head.size(), dump.begin());
  return dump;
}

void make_fifo(const std::string& path) { REQUIRE(::mkfifo(path.c_str(), 0600) == 0); }

/// A socket's file outlives it. Its name is short: it is made where it has to be, by a relative path.
void make_socket(const std::string& path) {
  const fs::path before = fs::current_path();
  fs::current_path(fs::path(path).parent_path());
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = fs::path(path).filename();
  std::memcpy(address.sun_path, name.c_str(), name.size() + 1);
  const int bound = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  ::close(fd);
  fs::current_path(before);
  REQUIRE(bound == 0);
}

/// A terabyte without a block.
void make_sparse(const std::string& path) {
  test::write_bytes(path, wav({.data_size = 0x7FFFF000}, music()));
  fs::resize_file(path, std::uintmax_t{1} << 40U);
}

using namespace std::string_view_literals;

} // namespace

specimens no_files() {
  return {
      {"files/fifo.wav", "a FIFO that nobody writes to", failure, "not-regular", make_fifo},
      {"files/socket.wav", "a socket", failure, "not-regular", make_socket},
      {"files/null.wav", "a link to /dev/null", failure, "not-regular", linking("/dev/null")},
      {"files/zero.wav", "a link to /dev/zero", failure, "not-regular", linking("/dev/zero")},
      {"files/terminal.wav", "a link to /dev/tty", failure, "not-regular", linking("/dev/tty")},
      {"files/proc.wav", "a link to a file of /proc, which has no size", failure, "no-samples",
       linking("/proc/self/status")},
      {"files/itself.wav", "a link to itself", failure, "not-found", linking("itself.wav")},
      {"files/circle1.wav", "links in a circle", failure, "not-found", linking("circle2.wav")},
      {"files/circle2.wav", "links in a circle", failure, "not-found", linking("circle1.wav")},
      {"files/nowhere.wav", "a link to nowhere", failure, "not-found", linking("no such file")},
      {"files/inner.wav", "a link to the folder it lies in", failure, "not-regular", linking(".")},
      {"files/folder.wav", "an empty folder", failure, "not-regular",
       [](const std::string& path) { fs::create_directory(path); }},
      {"files/target.flac", "a WAV file with another extension", row, "", holding([] { return wav({}, music()); })},
      {"files/good_link.wav", "a link to a WAV file", row, "", linking("target.flac")},
      {"files/flac.mp3", "a FLAC file with another extension", row, "",
       holding([] { return encoded(SF_FORMAT_FLAC | SF_FORMAT_PCM_16); })},
      {"files/sparse.wav", "a terabyte of nothing", failure, "too-large", make_sparse},
      {"files/zeros.wav", "5000 bytes of 0", failure, "not-audio", holding([] { return bytes(5000); })},
      {"files/text.wav", "a text", failure, "not-audio", saying("This is not music.\n")},
      {"files/page.mp3", "a page of a web server", failure, "not-audio",
       saying("<!DOCTYPE html><script>alert(1)</script>")},
      {"files/picture.flac", "a picture", failure, "not-audio", saying("\x89PNG\r\n\x1A\n\0\0\0\rIHDR"sv)},
      {"files/archive.ogg", "a ZIP archive", failure, "not-audio", saying("PK\x03\x04\x14\0\0\0\b\0"sv)},
      {"files/program.wav", "a program", failure, "not-audio",
       saying("\x7F"
              "ELF\x02\x01\x01\0\0\0"sv)},
      {"files/utf16.wav", "UTF-16, which begins like MPEG", failure, "not-audio",
       saying("\xFF\xFE"
              "h\0e\0l\0l\0o\0"sv)},
      {"files/mp4.m4a", "MPEG-4", failure, "unsupported-audio",
       saying("\0\0\0\x20"
              "ftypM4A \0\0\0\0"sv)},
      {"files/asf.wma", "WMA", failure, "unsupported-audio",
       saying("\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\0\xAA\0\x62\xCE\x6C"sv)},
      {"files/wavpack.wv", "WavPack", failure, "unsupported-audio", saying("wvpk\x20\0\0\0\x10\x04\0\0"sv)},
      {"files/adts.aac", "AAC", failure, "unsupported-audio", saying("\xFF\xF1\x50\x80\0\x1F\xFC\0\0\0\0\0"sv)},
      {"files/sample_dump.wav", "a damaged MIDI Sample Dump", failure, "unsupported-audio", holding(damaged_dump)},
      {"files/midi.wav", "MIDI", failure, "unsupported-audio", saying("MThd\0\0\0\x06\0\0\0\x01\0\x60"sv)},
  };
}

} // namespace fugato::hostile
