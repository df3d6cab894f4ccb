// SPDX-License-Identifier: GPL-3.0-or-later
// Messages of peers. The first byte selects which; what can be read is written and read back the same. CAF's own
// deserialiser is a library without instrumentation: only what it does to our memory is seen.
#include "actors/inspection.hpp"
#include "actors/messages.hpp"
#include "config/printable.hpp"
#include "tests/fuzz/target.hpp"

#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>

using namespace fugato;

namespace {

using buffer = std::vector<char>;

template <class Message>
buffer written(Message& x) {
  buffer result;
  caf::binary_serializer out{nullptr, result};
  fuzz::promise(!out(x), "a message can be written");
  return result;
}

/// What looks at results before they are kept must bear any.
void inspect_results(const parcel_rows& x) {
  for (const std::size_t width : {std::size_t{1}, std::size_t{87}}) {
    inspection book{rows_of(width)};
    book.expect(x.lease, {x.tasks.empty() ? 0 : x.tasks.front().task});
    const std::string fault = book.fault_in(x);
    fuzz::promise(printable(fault) == fault, "faults are printable");
    fuzz::promise(!book.fault_in(x).empty(), "a lease is answered once");
  }
}

template <class Message>
void read(caf::span<const caf::byte> bytes) {
  Message x;
  caf::binary_deserializer in{nullptr, bytes};
  if (in(x))
    return;
  if constexpr (std::is_same_v<Message, parcel_rows>)
    inspect_results(x);
  const buffer once = written(x);
  Message y;
  caf::binary_deserializer back{nullptr, once};
  fuzz::promise(!back(y), "a message that was written can be read");
  fuzz::promise(written(y) == once, "a message survives being written and read");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0)
    return 0;
  const caf::span<const caf::byte> bytes{reinterpret_cast<const caf::byte*>(data + 1), size - 1};
  switch (data[0] % 7) {
  case 0:
    read<parcel>(bytes);
    break;
  case 1:
    read<parcel_rows>(bytes);
    break;
  case 2:
    read<receipt>(bytes);
    break;
  case 3:
    read<hello>(bytes);
    break;
  case 4:
    read<briefing>(bytes);
    break;
  case 5:
    read<link_piece>(bytes);
    break;
  default:
    read<relay_offer>(bytes);
  }
  return 0;
}
