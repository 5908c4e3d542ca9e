#pragma once
// The table of every error message of the language: a text, and what people see. Split by the
// stage that finds the fault.

#include <string>
#include <vector>

#include "veltrix/cel/fault_words.hpp"

namespace veltrix::cel {

struct FaultRow {
  FaultCode code;
  std::string text;
  std::string shown;  // ends with a line's end where the rest is left out
};

inline std::string repeated(int count, const std::string& part) {
  std::string out;
  for (int i = 0; i < count; ++i) out += part;
  return out;
}

std::vector<FaultRow> faults_of_text();  // the whole text, and its tokens
std::vector<FaultRow> faults_of_grammar();
std::vector<FaultRow> faults_of_names();
std::vector<FaultRow> faults_of_kinds();
std::vector<FaultRow> warnings_of_kinds();

}  // namespace veltrix::cel
