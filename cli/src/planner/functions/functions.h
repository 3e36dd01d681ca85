#pragma once

#include "planner/functions/scalar.h"

/// Our own functions, by what they are about. Their names in DuckDB begin with rl_.
namespace rocketlink::planner::functions {

void register_conversions(Registrar& registrar);
void register_number_functions(Registrar& registrar);
void register_text_functions(Registrar& registrar);
void register_binary_functions(Registrar& registrar);
void register_time_functions(Registrar& registrar);
void register_json_functions(Registrar& registrar);

/// Functions with a decimal result are there once per result type, as `<name>_<precision>_<scale>`, and registered when
/// a plan needs them. False when there is no function of that name.
[[nodiscard]] bool register_decimal_function(duckdb_connection connection, std::string_view name,
                                             std::int32_t precision, std::int32_t scale);

}  // namespace rocketlink::planner::functions
