#include "bindings/python_attach.hpp"

#include <unistd.h>

namespace veltrix {

void sleep_for_ever() noexcept {
  while (true) ::pause();  // until the process ends; a signal only interrupts it
}

}  // namespace veltrix
