# tl::expected, one header: target TlExpected::TlExpected.

find_path(TlExpected_INCLUDE_DIR tl/expected.hpp)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(TlExpected REQUIRED_VARS TlExpected_INCLUDE_DIR)
mark_as_advanced(TlExpected_INCLUDE_DIR)
if(TlExpected_FOUND AND NOT TARGET TlExpected::TlExpected)
  add_library(TlExpected::TlExpected INTERFACE IMPORTED)
  target_include_directories(TlExpected::TlExpected SYSTEM INTERFACE "${TlExpected_INCLUDE_DIR}")
endif()
