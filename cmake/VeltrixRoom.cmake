# vx_room(NAME LOWER...): the static library vx_NAME of the room in the current folder.
#
# LOWER are the rooms (without vx_) and other targets that it may use; a room never links a higher
# one. The floors inside the include lines are checked by tests/house.
function(vx_room name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  if(sources)
    add_library(vx_${name} STATIC ${sources})
    target_link_libraries(vx_${name} PRIVATE vx_settings)
    set(scope PUBLIC)
  else()
    add_library(vx_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(vx_${name} ${scope} "${PROJECT_SOURCE_DIR}/cpp")
  target_link_libraries(vx_${name} ${scope} ${ARGN})
endfunction()

# vx_test(TARGET FOLDER LIBRARIES...): one GoogleTest executable of all *.cpp below FOLDER; nothing
# where there are none. Tests are found when ctest starts, so that a test that crashes while it is
# loaded fails as a test and does not break the build.
function(vx_test target folder)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${folder}/*.cpp")
  if(NOT sources)
    return()
  endif()
  add_executable(${target} ${sources})
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
  target_link_libraries(${target} PRIVATE ${ARGN} vx_settings GTest::gtest_main
                                          RapidCheck::RapidCheck)
  gtest_discover_tests(${target} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
                       PROPERTIES TIMEOUT 300)
endfunction()
