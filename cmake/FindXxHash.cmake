# xxHash as a header (XXH_INLINE_ALL): target XxHash::XxHash.

find_path(XxHash_INCLUDE_DIR xxhash.h)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(XxHash REQUIRED_VARS XxHash_INCLUDE_DIR)
mark_as_advanced(XxHash_INCLUDE_DIR)
if(XxHash_FOUND AND NOT TARGET XxHash::XxHash)
  add_library(XxHash::XxHash INTERFACE IMPORTED)
  target_include_directories(XxHash::XxHash SYSTEM INTERFACE "${XxHash_INCLUDE_DIR}")
endif()
