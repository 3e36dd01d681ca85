#pragma once

#include <jni.h>

#include <string>
#include <vector>

#include "rocketlink/options.h"
#include "rocketlink/result.h"

namespace rocketlink::jni {

/// A table as Java describes it.
struct TableDescription {
  OptionEntries entries;  ///< secrets replaced
  Schema schema;
  std::vector<std::string> problems;  ///< secrets that are missing, types that are unknown
};

/// `entries`: a layout::OptionEntry each; `${secret_values.NAME}` is looked up in the environment. `columns`: a
/// layout::TableColumn each.
[[nodiscard]] TableDescription read_table(JNIEnv* env, jobjectArray entries, jobjectArray columns);

/// The options of a table that is used in that way; kInvalidArgument names all that is wrong.
[[nodiscard]] Result<TableOptions> options_of(const TableDescription& table, TableUse use);

}  // namespace rocketlink::jni
