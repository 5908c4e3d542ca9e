# moodycamel::ConcurrentQueue, headers only, without a CMake config of its own: target
# Moodycamel::ConcurrentQueue, included as <concurrentqueue.h>.

find_path(Moodycamel_INCLUDE_DIR concurrentqueue.h
          PATH_SUFFIXES concurrentqueue concurrentqueue/moodycamel)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Moodycamel REQUIRED_VARS Moodycamel_INCLUDE_DIR)
mark_as_advanced(Moodycamel_INCLUDE_DIR)
if(Moodycamel_FOUND AND NOT TARGET Moodycamel::ConcurrentQueue)
  add_library(Moodycamel::ConcurrentQueue INTERFACE IMPORTED)
  target_include_directories(Moodycamel::ConcurrentQueue SYSTEM
                             INTERFACE "${Moodycamel_INCLUDE_DIR}")
endif()
