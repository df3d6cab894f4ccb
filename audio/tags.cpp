// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/tags.hpp"

#include "audio/ogg.hpp"
#include "config/error.hpp"
#include "config/shortage.hpp"

#include <taglib/aifffile.h>
#include <taglib/flacfile.h>
#include <taglib/id3v1genres.h>
#include <taglib/id3v2framefactory.h>
#include <taglib/id3v2header.h>
#include <taglib/id3v2tag.h>
#include <taglib/infotag.h>
#include <taglib/mpegfile.h>
#include <taglib/oggflacfile.h>
#include <taglib/opusfile.h>
#include <taglib/taglib.h>
#include <taglib/tbytevectorstream.h>
#include <taglib/textidentificationframe.h>
#include <taglib/tfilestream.h>
#include <taglib/vorbisfile.h>
#include <taglib/wavfile.h>
#include <taglib/xiphcomment.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace fugato {
namespace {

using genre_list = std::vector<std::string>;

std::string utf8(const TagLib::String& x) { return x.to8Bit(true); }
TagLib::String foreign(const std::string& x) { return {x, TagLib::String::UTF8}; }

std::string trimmed(const std::string& text) {
  constexpr const char* blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

void add(genre_list& to, const std::string& name) {
  const std::string bare = trimmed(name);
  if (!bare.empty() && std::find(to.begin(), to.end(), bare) == to.end())
    to.push_back(bare);
}

/// The name behind `17`, `RX` or `CR`; empty for anything else.
std::string referred(const std::string& reference) {
  if (reference == "RX")
    return "Remix";
  if (reference == "CR")
    return "Cover";
  const bool number =
      !reference.empty() && reference.size() <= 3 && reference.find_first_not_of("0123456789") == std::string::npos;
  return number ? utf8(TagLib::ID3v1::genre(std::stoi(reference))) : "";
}

std::vector<std::string> strings(const TagLib::StringList& list) {
  std::vector<std::string> result;
  for (const TagLib::String& x : list)
    add(result, utf8(x));
  return result;
}

std::string first(const std::vector<std::string>& list) { return list.empty() ? "" : list.front(); }

genre_list all_genres(const std::vector<std::string>& stored, bool numbers) {
  genre_list result;
  for (const std::string& field : stored)
    for (const std::string& name : genre_names(field, numbers))
      add(result, name);
  return result;
}

// -- ID3v2 ---------------------------------------------------------------------------

std::vector<std::string> texts(const TagLib::ID3v2::Tag& tag, const char* frame_id) {
  std::vector<std::string> result;
  for (TagLib::ID3v2::Frame* const frame : tag.frameList(frame_id))
    if (const auto* const text = dynamic_cast<TagLib::ID3v2::TextIdentificationFrame*>(frame))
      for (const std::string& x : strings(text->fieldList()))
        add(result, x);
  return result;
}

void look(const TagLib::ID3v2::Tag& tag, music_tags& into) {
  into.genres = all_genres(texts(tag, "TCON"), true);
  into.artists = texts(tag, "TPE1");
  into.album_artists = texts(tag, "TPE2");
  into.album = first(texts(tag, "TALB"));
  into.title = first(texts(tag, "TIT2"));
}

/// What a simpler tag knows, where the first says nothing.
void look_again(const TagLib::Tag* tag, music_tags& into) {
  if (tag == nullptr)
    return;
  if (into.genres.empty())
    into.genres = all_genres({utf8(tag->genre())}, true);
  if (into.artists.empty())
    add(into.artists, utf8(tag->artist()));
  if (into.album.empty())
    into.album = trimmed(utf8(tag->album()));
  if (into.title.empty())
    into.title = trimmed(utf8(tag->title()));
}

void put(TagLib::ID3v2::Tag& tag, const genre_list& genres) {
  tag.removeFrames("TCON");
  if (genres.empty())
    return;
  TagLib::StringList list;
  bool latin = true;
  for (const std::string& x : genres) {
    list.append(foreign(x));
    latin = latin && foreign(x).isLatin1();
  }
  auto frame = std::make_unique<TagLib::ID3v2::TextIdentificationFrame>("TCON", latin ? TagLib::String::Latin1
                                                                                      : TagLib::String::UTF8);
  frame->setText(list);
  tag.addFrame(frame.release()); // the tag owns it
}

TagLib::ID3v2::Version version_of(const TagLib::ID3v2::Tag& tag, bool present) {
  return present && tag.header()->majorVersion() == 3 ? TagLib::ID3v2::v3 : TagLib::ID3v2::v4;
}

// -- Vorbis comments -----------------------------------------------------------------

std::vector<std::string> texts(const TagLib::Ogg::XiphComment& tag, const char* key) {
  return strings(tag.fieldListMap()[key]);
}

void look(const TagLib::Ogg::XiphComment& tag, music_tags& into) {
  into.genres = all_genres(texts(tag, "GENRE"), false);
  into.artists = texts(tag, "ARTIST");
  into.album_artists = texts(tag, "ALBUMARTIST");
  if (into.album_artists.empty())
    into.album_artists = texts(tag, "ALBUM ARTIST");
  into.album = first(texts(tag, "ALBUM"));
  into.title = first(texts(tag, "TITLE"));
}

void put(TagLib::Ogg::XiphComment& tag, const genre_list& genres) {
  tag.removeFields("GENRE");
  for (const std::string& x : genres)
    tag.addField("GENRE", foreign(x), false);
}

// -- formats -------------------------------------------------------------------------

/// A format whose tags are known.
struct format {
  std::string_view name;
  bool (*is)(TagLib::IOStream*);
  music_tags (*read)(TagLib::IOStream*);
  bool (*write)(TagLib::IOStream*, const genre_list&);
};

template <class File>
music_tags read_ogg(TagLib::IOStream* stream) {
  File file(stream, false);
  music_tags result;
  if (file.isValid() && file.tag() != nullptr)
    look(*file.tag(), result);
  return result;
}

template <class File>
bool write_ogg(TagLib::IOStream* stream, const genre_list& genres) {
  File file(stream, false);
  if (!file.isValid() || file.tag() == nullptr)
    return false;
  put(*file.tag(), genres);
  return file.save();
}

TagLib::ID3v2::FrameFactory* frames() { return TagLib::ID3v2::FrameFactory::instance(); }

music_tags read_flac(TagLib::IOStream* stream) {
  TagLib::FLAC::File file(stream, frames(), false);
  music_tags result;
  if (const auto* const tag = file.xiphComment()) // none in a damaged file, whatever hasXiphComment says
    look(*tag, result);
  return result;
}

bool write_flac(TagLib::IOStream* stream, const genre_list& genres) {
  TagLib::FLAC::File file(stream, frames(), false);
  if (!file.isValid())
    return false;
  put(*file.xiphComment(true), genres);
  return file.save();
}

music_tags read_mpeg(TagLib::IOStream* stream) {
  TagLib::MPEG::File file(stream, frames(), false);
  music_tags result;
  if (const auto* const tag = file.hasID3v2Tag() ? file.ID3v2Tag() : nullptr)
    look(*tag, result);
  look_again(file.tag(), result);
  return result;
}

bool write_mpeg(TagLib::IOStream* stream, const genre_list& genres) {
  using TagLib::MPEG::File;
  File file(stream, frames(), false);
  if (!file.isValid())
    return false;
  const bool present = file.hasID3v2Tag();
  TagLib::ID3v2::Tag& tag = *file.ID3v2Tag(true);
  put(tag, genres);
  return file.save(File::ID3v2, File::StripNone, version_of(tag, present), File::DoNotDuplicate);
}

music_tags read_wav(TagLib::IOStream* stream) {
  TagLib::RIFF::WAV::File file(stream, false);
  music_tags result;
  if (const auto* const tag = file.ID3v2Tag())
    look(*tag, result);
  look_again(file.InfoTag(), result);
  return result;
}

bool write_wav(TagLib::IOStream* stream, const genre_list& genres) {
  using TagLib::RIFF::WAV::File;
  File file(stream, false);
  if (!file.isValid() || file.ID3v2Tag() == nullptr)
    return false;
  put(*file.ID3v2Tag(), genres);
  if (file.hasInfoTag() && file.InfoTag() != nullptr && !file.InfoTag()->fieldText("IGNR").isEmpty())
    file.InfoTag()->setFieldText("IGNR", foreign(first(genres)));
  return file.save(File::AllTags, File::StripNone, version_of(*file.ID3v2Tag(), file.hasID3v2Tag()));
}

music_tags read_aiff(TagLib::IOStream* stream) {
  TagLib::RIFF::AIFF::File file(stream, false);
  music_tags result;
  if (const auto* const tag = file.tag())
    look(*tag, result);
  return result;
}

bool write_aiff(TagLib::IOStream* stream, const genre_list& genres) {
  TagLib::RIFF::AIFF::File file(stream, false);
  if (!file.isValid() || file.tag() == nullptr)
    return false;
  put(*file.tag(), genres);
  return file.save(version_of(*file.tag(), file.hasID3v2Tag()));
}

/// MP3 comes last: its frames can be seen in the bytes of others.
constexpr std::array formats{format{"FLAC", TagLib::FLAC::File::isSupported, read_flac, write_flac},
                             format{"Ogg Vorbis", TagLib::Ogg::Vorbis::File::isSupported,
                                    read_ogg<TagLib::Ogg::Vorbis::File>, write_ogg<TagLib::Ogg::Vorbis::File>},
                             format{"Ogg Opus", TagLib::Ogg::Opus::File::isSupported, read_ogg<TagLib::Ogg::Opus::File>,
                                    write_ogg<TagLib::Ogg::Opus::File>},
                             format{"Ogg FLAC", TagLib::Ogg::FLAC::File::isSupported, read_ogg<TagLib::Ogg::FLAC::File>,
                                    write_ogg<TagLib::Ogg::FLAC::File>},
                             format{"WAV", TagLib::RIFF::WAV::File::isSupported, read_wav, write_wav},
                             format{"AIFF", TagLib::RIFF::AIFF::File::isSupported, read_aiff, write_aiff},
                             format{"MP3", TagLib::MPEG::File::isSupported, read_mpeg, write_mpeg}};

const format& format_of(TagLib::IOStream* stream, const std::string& name) {
  for (const format& x : formats)
    if (x.is(stream))
      return x;
  throw error(errc::unsupported_audio,
              name + ": must be MP3, FLAC, Ogg, WAV or AIFF for its tags to be read, but begins like none of them");
}

/// What TagLib throws at damaged files becomes an error about the file.
template <class Action>
auto guarded(const std::string& name, Action action) {
  const answering_for_memory here; // a size that lies is the file's fault
  try {
    return action();
  } catch (const error&) {
    throw;
  } catch (const std::exception& e) {
    throw error(errc::damaged_audio, fmt::format("{}: the tags must be readable, but: {}", name, e.what()));
  }
}

music_tags read(TagLib::IOStream* stream, const std::string& name) {
  return guarded(name, [&] {
    const format& kind = format_of(stream, name);
    music_tags result = kind.read(stream);
    result.format = kind.name;
    return result;
  });
}

TagLib::ByteVector vector_of(std::span<const std::byte> bytes) {
  if (bytes.size() > std::size_t{1} << 31U)
    throw error(errc::too_large, "a file must be below 2 GB for its tags to be changed");
  return {reinterpret_cast<const char*>(bytes.data()), static_cast<unsigned>(bytes.size())};
}

/// TagLib 1.13 trusts a file's own word for how much of it is to be replaced, and moves bytes beyond its buffer.
class bounded_stream : public TagLib::ByteVectorStream {
public:
  using TagLib::ByteVectorStream::ByteVectorStream;
  void insert(const TagLib::ByteVector& data, unsigned long start, unsigned long replace) override {
    const auto size = static_cast<unsigned long>(length());
    if (start > size || replace > size - start)
      throw std::out_of_range("they claim to reach beyond the end of the file");
    TagLib::ByteVectorStream::insert(data, start, replace);
  }
};

/// @throws error unless a path names a regular file that may be read: opening a FIFO would wait for ever
void check_regular(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0)
    throw error(errno == EACCES ? errc::permission : errc::not_found, path + ": " + std::strerror(errno));
  if (!S_ISREG(about.st_mode))
    throw error(errc::not_regular, path + ": must be a regular file");
  if (::access(path.c_str(), R_OK) != 0)
    throw error(errc::permission, path + ": " + std::strerror(errno));
}

} // namespace

std::vector<std::string> genre_names(const std::string& stored, bool numbers) {
  genre_list result;
  std::string rest = trimmed(stored);
  while (rest.starts_with('(')) {
    if (rest.starts_with("((")) {
      rest.erase(0, 1);
      break;
    }
    const auto end = rest.find(')');
    const std::string name = end == std::string::npos ? "" : referred(rest.substr(1, end - 1));
    if (name.empty())
      break;
    add(result, name);
    rest = trimmed(rest.substr(end + 1));
  }
  if (const std::string name = numbers ? referred(rest) : ""; !name.empty()) {
    add(result, name);
    return result;
  }
  for (std::size_t at = 0; at <= rest.size();) {
    const auto end = std::min(rest.find(';', at), rest.size());
    add(result, rest.substr(at, end - at));
    at = end + 1;
  }
  return result;
}

music_tags read_tags(const std::string& path) {
  check_regular(path);
  TagLib::FileStream stream(path.c_str(), true);
  if (!stream.isOpen())
    throw error(errc::read_error, path + ": must open for reading, but does not");
  return read(&stream, path);
}

music_tags read_tags(std::span<const std::byte> file, const std::string& name) {
  TagLib::ByteVectorStream stream(vector_of(file));
  return read(&stream, name);
}

std::vector<std::byte> with_genres(std::span<const std::byte> file, const std::vector<std::string>& genres,
                                   const std::string& name) {
  // TagLib 1.13 does not look whether pages lie about their packets; other formats have no pages
  if (const ogg_pages pages = check_ogg_pages(file); !pages.damage.empty())
    throw error(errc::damaged_audio, name + ": an Ogg file must be sound to be changed, but " + pages.damage);
  bounded_stream stream(vector_of(file));
  const bool saved = guarded(name, [&] { return format_of(&stream, name).write(&stream, genres); });
  if (!saved)
    throw error(errc::damaged_audio, name + ": the tags must be sound to be changed, but TagLib refuses them");
  const TagLib::ByteVector& bytes = *stream.data();
  const auto* const begin = reinterpret_cast<const std::byte*>(bytes.data());
  std::vector<std::byte> result(begin, begin + bytes.size());
  if (const genre_list found = read_tags(result, name).genres; found != all_genres(genres, false))
    throw error(errc::output, fmt::format("{}: the genre must read back as it was written, but {} of {} values do",
                                          name, found.size(), genres.size()));
  return result;
}

std::string taglib_version() {
  return fmt::format("{}.{}.{}", TAGLIB_MAJOR_VERSION, TAGLIB_MINOR_VERSION, TAGLIB_PATCH_VERSION);
}

} // namespace fugato
