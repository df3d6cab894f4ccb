// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/audio/samples.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

using namespace fugato;
using namespace fugato::test;

namespace {

constexpr std::uint64_t plenty = 1U << 20U;

void expect(errc code, const std::string& path, std::uint64_t limit = plenty) {
  const error e = caught([&] { read_file(path, limit); });
  CHECK(e.kind().name == kind_of(code).name);
  CHECK(std::string(e.what()).starts_with(path + ": "));
}

} // namespace

TEST_CASE("a regular file is read byte for byte") {
  const temporary_folder folder;
  const std::string text("RIFF\0\xFFx\n", 8);
  write_text(folder / "x", text);
  const std::vector<std::byte> bytes = read_file(folder / "x", plenty);
  CHECK(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()) == text);
  write_text(folder / "empty", "");
  CHECK(read_file(folder / "empty", plenty).empty());
}

TEST_CASE("a path that names no file is not found") {
  const temporary_folder folder;
  write_text(folder / "file", "x");
  std::filesystem::create_symlink("loop", folder / "loop");
  std::filesystem::create_symlink("nowhere", folder / "dangling");
  expect(errc::not_found, folder / "absent");
  expect(errc::not_found, folder / "file/below");
  expect(errc::not_found, folder / "loop");
  expect(errc::not_found, folder / "dangling");
  expect(errc::not_found, folder / std::string(5000, 'x'));
  expect(errc::not_found, "");
}

TEST_CASE("a path with a zero byte names no file, not even the one before the byte") {
  const temporary_folder folder;
  write_text(folder / "x", "x");
  CHECK(caught([&] { read_file((folder / "x") + std::string("\0.wav", 5), plenty); }).code() == errc::not_found);
}

TEST_CASE("folders, FIFOs, devices and sockets are refused and do not hang") {
  const temporary_folder folder;
  REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, (folder / "socket").c_str(), sizeof address.sun_path - 1);
  REQUIRE(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  expect(errc::not_regular, folder.path().string());
  expect(errc::not_regular, folder / "fifo");
  expect(errc::not_regular, folder / "socket");
  expect(errc::not_regular, "/dev/zero");
  ::close(fd);
}

TEST_CASE("a file without permission to read is refused with that reason") {
  if (::geteuid() == 0)
    return; // root reads everything
  const temporary_folder folder;
  write_text(folder / "x", "x");
  REQUIRE(::chmod((folder / "x").c_str(), 0) == 0);
  expect(errc::permission, folder / "x");
}

TEST_CASE("a file over the limit is refused before it is read") {
  const temporary_folder folder;
  write_text(folder / "x", "12345");
  CHECK(read_file(folder / "x", 5).size() == 5);
  expect(errc::too_large, folder / "x", 4);
  std::filesystem::resize_file(folder / "x", std::uintmax_t{1} << 40U); // a hole: takes no space
  expect(errc::too_large, folder / "x");
}

TEST_CASE("beneath a root a path reads what lies there, and nothing outside by dots, links or from the top") {
  const temporary_folder folder;
  namespace fs = std::filesystem;
  const std::string root = folder / "root";
  write_text(folder / "root/label/in.wav", "inside");
  write_text(folder / "outside/out.wav", "outside");
  write_text(folder / "root2/near.wav", "beside");
  fs::create_directory(folder / "root/far");
  fs::create_symlink("label/in.wav", folder / "root/inner.wav");
  fs::create_symlink("../outside/out.wav", folder / "root/dots.wav");
  fs::create_symlink(folder / "outside/out.wav", folder / "root/absolute.wav");
  fs::create_symlink(folder / "root/label/in.wav", folder / "root/absolute_inner.wav");
  fs::create_symlink(folder / "outside", folder / "root/folder");
  fs::create_symlink("dots.wav", folder / "root/twice.wav");
  fs::create_symlink("/proc/self/root" + (folder / "outside/out.wav"), folder / "root/magic.wav");

  for (const char* path :
       {"label/in.wav", "./label/in.wav", "label/../label/in.wav", "far/../inner.wav", "inner.wav"}) {
    CAPTURE(path);
    CHECK(read_file(path, plenty, root).size() == 6);
  }
  const std::string refused[] = {"../outside/out.wav",
                                 "../root2/near.wav",
                                 "label/../../outside/out.wav",
                                 "../root/label/in.wav",
                                 folder / "outside/out.wav",
                                 folder / "root/label/in.wav",
                                 "/etc/passwd",
                                 "//etc/passwd",
                                 "dots.wav",
                                 "absolute.wav",
                                 "absolute_inner.wav",
                                 "folder/out.wav",
                                 "twice.wav",
                                 "magic.wav"};
  for (const std::string& path : refused) {
    CAPTURE(path);
    const error e = caught([&] { read_file(path, plenty, root); });
    CHECK(e.kind().name == kind_of(errc::permission).name);
    CHECK(std::string(e.what()).starts_with(path + ": must lie beneath " + root));
  }
  const error e = caught([&] { read_file("in.wav", plenty, folder / "no root"); });
  CHECK(e.kind().name == kind_of(errc::not_found).name);
}
