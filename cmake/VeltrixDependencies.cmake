# Everything that comes from outside, in one place, each with the Debian package that brings it.

include(VeltrixRequire)

find_package(Threads REQUIRED)

find_package(TlExpected QUIET)
vx_require(TlExpected::TlExpected libexpected-dev)

find_package(XxHash QUIET)
vx_require(XxHash::XxHash libxxhash-dev)

find_package(simdjson CONFIG QUIET)
vx_require(simdjson::simdjson libsimdjson-dev)

find_package(Re2 QUIET)
vx_require(Re2::Re2 libre2-dev)

find_package(date CONFIG QUIET)
vx_require(date::date libhowardhinnant-date-dev)

find_package(ZLIB QUIET)
vx_require(ZLIB::ZLIB zlib1g-dev)

find_package(Moodycamel QUIET)
vx_require(Moodycamel::ConcurrentQueue libconcurrentqueue-dev)

if(VELTRIX_TESTS)
  include(GoogleTest)
  find_package(GTest CONFIG QUIET)
  vx_require(GTest::gtest_main libgtest-dev)
  find_package(RapidCheck QUIET)
  vx_require(RapidCheck::RapidCheck librapidcheck-dev)
endif()
