#include "planner/function_table.h"
#include "planner/functions/functions.h"
namespace rocketlink::planner {
std::span<const Function> json_functions() {
  return {};
}
std::span<const Function> time_functions() {
  return {};
}
namespace functions {
void register_time_functions(Registrar&) {}
void register_json_functions(Registrar&) {}
}  // namespace functions
}  // namespace rocketlink::planner
