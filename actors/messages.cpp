// SPDX-License-Identifier: GPL-3.0-or-later
#include "actors/messages.hpp"

namespace fugato {

caf::error inspect(caf::serializer& out, raw_floats& x) {
  auto count = static_cast<std::uint64_t>(x.values.size());
  if (auto problem = out(count))
    return problem;
  return count == 0 ? caf::error{} : out.apply_raw(count * sizeof(float), x.values.data());
}

caf::error inspect(caf::deserializer& in, raw_floats& x) {
  std::uint64_t count = 0;
  if (auto problem = in(count))
    return problem;
  // what the peer announces is not believed before it is there
  const auto* binary = dynamic_cast<caf::binary_deserializer*>(&in);
  if (binary == nullptr || count > binary->remaining() / sizeof(float))
    return caf::make_error(caf::sec::end_of_stream);
  x.values.resize(count);
  return count == 0 ? caf::error{} : in.apply_raw(count * sizeof(float), x.values.data());
}

std::string to_string(const raw_floats& x) { return std::to_string(x.values.size()) + " floats"; }

} // namespace fugato
