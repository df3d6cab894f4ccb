// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/shared_library.hpp"

#include "config/error.hpp"

#include <dlfcn.h>

namespace fugato {

void* shared_library::find(const char* symbol) const {
  // Loading what is loaded already costs a look-up; each symbol is looked up once.
  void* const handle = dlopen(name_, RTLD_LAZY | RTLD_LOCAL);
  if (handle == nullptr)
    throw error(errc::internal, std::string(name_) + ": the library must be there to be loaded, but: " + dlerror());
  void* const found = dlsym(handle, symbol);
  if (found == nullptr)
    throw error(errc::internal, std::string(name_) + ": the library must have " + symbol + ", but: " + dlerror());
  return found;
}

} // namespace fugato
