# Compiler settings of every target: language, warnings, sanitizers, optimisation.

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# A second build in a fresh folder (a clone, an isolated wheel build) takes seconds with ccache.
find_program(VELTRIX_CCACHE ccache)
if(VELTRIX_CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER
   AND NOT DEFINED ENV{CMAKE_CXX_COMPILER_LAUNCHER})
  set(CMAKE_CXX_COMPILER_LAUNCHER "${VELTRIX_CCACHE}")
endif()

# What all of our own targets compile with; never handed on to code that is not ours.
add_library(vx_settings INTERFACE)
target_compile_options(vx_settings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
if(VELTRIX_WERROR)
  target_compile_options(vx_settings INTERFACE -Werror)
endif()

# The following must be the same in every object of a program, hence the global form.
if(VELTRIX_ASSERTIONS)
  add_compile_definitions(_GLIBCXX_ASSERTIONS)
endif()
if(VELTRIX_SANITIZE)
  add_compile_options(-fsanitize=${VELTRIX_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${VELTRIX_SANITIZE})
  if(VELTRIX_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ warns that TSan does not model atomic_thread_fence, which moodycamel uses.
    add_compile_options(-Wno-tsan)
  endif()
endif()
if(VELTRIX_LTO)
  include(CheckIPOSupported)
  check_ipo_supported(RESULT lto_works OUTPUT lto_message LANGUAGES CXX)
  if(lto_works)
    set(CMAKE_INTERPROCEDURAL_OPTIMIZATION_RELEASE ON)
  else()
    message(STATUS "Built without link-time optimisation: ${lto_message}")
  endif()
endif()
