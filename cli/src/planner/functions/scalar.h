#pragma once

#include <duckdb.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "planner/functions/values.h"
#include "rocketlink/row/time_zone.h"

/// Scalar functions of our own in DuckDB: a plain C++ function over one row's values becomes one over chunks.
namespace rocketlink::planner::functions {

/// What a function was registered with.
struct Settings {
  row::TimeZone zone;           ///< of the session
  std::int32_t precision = 38;  ///< of a decimal result
  std::int32_t scale = 0;
};

inline constexpr std::size_t kMostQuotedBytes = 200;  ///< a text is cut there in messages

/// What a row's computation sees besides its arguments.
struct Call {
  row::TimeZone zone;  ///< a copy of this chunk's own
  std::int32_t precision;
  std::int32_t scale;
  std::optional<std::string> error;

  /// Ends the job. What the body returns then is of no interest.
  void fail(std::string text) {
    if (!error) error = std::move(text);
  }
};

/// A decimal result; the type is the one the function was registered for.
struct DecimalResult {
  Int128 unscaled = 0;
};
template <>
struct Value<DecimalResult> {
  static constexpr duckdb_type kType = DUCKDB_TYPE_DECIMAL;
};

enum class Nature : std::uint8_t {
  kPure,
  kVolatile  ///< gives something else for each row, so DuckDB must not compute it once
};

namespace detail {

template <class T>
struct Unwrapped {
  using Type = T;
  static constexpr bool kOptional = false;
};
template <class T>
struct Unwrapped<std::optional<T>> {
  using Type = T;
  static constexpr bool kOptional = true;
};

template <class A>
auto read(const Argument& argument, idx_t row) {
  using Plain = typename Unwrapped<A>::Type;
  if constexpr (Unwrapped<A>::kOptional) {
    return argument.is_null(row) ? A() : A(Value<Plain>::read(argument, row));
  } else {
    return Value<Plain>::read(argument, row);
  }
}

inline void set_null(duckdb_vector output, idx_t row) {
  duckdb_vector_ensure_validity_writable(output);
  duckdb_validity_set_row_invalid(duckdb_vector_get_validity(output), row);
}

template <class R>
void write(duckdb_vector output, idx_t row, Call& call, const R& value) {
  if constexpr (Unwrapped<R>::kOptional) {
    if (!value) return set_null(output, row);
    write(output, row, call, *value);
  } else if constexpr (std::is_same_v<R, DecimalResult>) {
    write_decimal(output, row, call.precision, value.unscaled);
  } else {
    Value<R>::write(output, row, value);
  }
}

template <auto Body, class R, class... A>
struct Function {
  using Result = typename Unwrapped<R>::Type;
  static constexpr bool kSeesNulls = (Unwrapped<A>::kOptional || ...);

  static void run(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
    run(info, input, output, std::index_sequence_for<A...>());
  }

 private:
  template <std::size_t... I>
  static void run(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output, std::index_sequence<I...>) {
    const auto* settings = static_cast<const Settings*>(duckdb_scalar_function_get_extra_info(info));
    Call call{settings->zone, settings->precision, settings->scale, std::nullopt};
    [[maybe_unused]] std::array<Argument, sizeof...(A)> arguments{Argument(input, I)...};
    (
        [&] {
          if constexpr (Value<typename Unwrapped<A>::Type>::kReadsType) arguments[I].read_type();
        }(),
        ...);
    const idx_t rows = duckdb_data_chunk_get_size(input);
    for (idx_t row = 0; row < rows; ++row) {
      if (((!Unwrapped<A>::kOptional && arguments[I].is_null(row)) || ...)) {
        set_null(output, row);
        continue;
      }
      write(output, row, call, Body(call, read<A>(arguments[I], row)...));
      if (call.error) {
        duckdb_scalar_function_set_error(info, call.error->c_str());
        return;
      }
    }
  }
};

/// Owns a function until it is registered.
class Definition {
 public:
  Definition(const std::string& name, const Settings& settings) : handle_(duckdb_create_scalar_function()) {
    duckdb_scalar_function_set_name(handle_, name.c_str());
    duckdb_scalar_function_set_extra_info(handle_, new Settings(settings),
                                          [](void* data) { delete static_cast<Settings*>(data); });
  }
  Definition(const Definition&) = delete;
  Definition& operator=(const Definition&) = delete;
  ~Definition() { duckdb_destroy_scalar_function(&handle_); }

  void parameter(duckdb_type type) {
    duckdb_logical_type logical = duckdb_create_logical_type(type);
    duckdb_scalar_function_add_parameter(handle_, logical);
    duckdb_destroy_logical_type(&logical);
  }
  void result(duckdb_type type, const Settings& settings) {
    duckdb_logical_type logical = type == DUCKDB_TYPE_DECIMAL
                                      ? duckdb_create_decimal_type(static_cast<std::uint8_t>(settings.precision),
                                                                   static_cast<std::uint8_t>(settings.scale))
                                      : duckdb_create_logical_type(type);
    duckdb_scalar_function_set_return_type(handle_, logical);
    duckdb_destroy_logical_type(&logical);
  }
  [[nodiscard]] duckdb_scalar_function handle() const { return handle_; }

 private:
  duckdb_scalar_function handle_;
};

template <auto Body, class R, class... A>
bool define(duckdb_connection connection, const std::string& name, const Settings& settings, Nature nature,
            R (*)(Call&, A...)) {
  using F = Function<Body, R, A...>;
  Definition definition(name, settings);
  (definition.parameter(Value<typename Unwrapped<A>::Type>::kType), ...);
  definition.result(Value<typename F::Result>::kType, settings);
  if (F::kSeesNulls) duckdb_scalar_function_set_special_handling(definition.handle());
  if (nature == Nature::kVolatile) duckdb_scalar_function_set_volatile(definition.handle());
  duckdb_scalar_function_set_function(definition.handle(), &F::run);
  return duckdb_register_scalar_function(connection, definition.handle()) == DuckDBSuccess;
}

}  // namespace detail

/// Registers functions on a connection's database.
class Registrar {
 public:
  Registrar(duckdb_connection connection, Settings settings) : connection_(connection), settings_(settings) {}

  /// `Body` is a function (Call&, arguments…) → result; std::optional arguments may be NULL, for others the result is
  /// NULL when one is.
  template <auto Body>
  void add(const std::string& name, Nature nature = Nature::kPure) {
    if (!detail::define<Body>(connection_, name, settings_, nature, Body)) failed_ = name;
  }

  /// The name of the first function that could not be registered; empty when there is none.
  [[nodiscard]] const std::string& failed() const { return failed_; }

 private:
  duckdb_connection connection_;
  Settings settings_;
  std::string failed_;
};

}  // namespace rocketlink::planner::functions
