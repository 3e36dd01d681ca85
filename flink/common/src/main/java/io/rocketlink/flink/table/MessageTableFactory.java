package io.rocketlink.flink.table;

import io.rocketlink.client.TableDescription;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.DynamicTableSourceFactory;

/**
 * Makes tables of the connectors {@code mq} and {@code mq5}. The core's registry says what their options are; it matches names
 * without regard to case, which Flink's own validation does not, and refuses in the words of the native runner.
 */
abstract class MessageTableFactory implements DynamicTableSourceFactory, DynamicTableSinkFactory {
    private final String identifier;

    MessageTableFactory(String identifier) {
        this.identifier = identifier;
    }

    @Override
    public String factoryIdentifier() {
        return identifier;
    }

    /** Which options must be given depends on the others: the registry tells. */
    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return Set.of();
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        Set<ConfigOption<?>> options = new HashSet<>();
        for (String name : TableDescription.optionNames(identifier)) {
            options.add(ConfigOptions.key(name).stringType().noDefaultValue());
        }
        return options;
    }

    @Override
    public DynamicTableSource createDynamicTableSource(Context context) {
        return SourceTables.create(this, context);
    }

    @Override
    public DynamicTableSink createDynamicTableSink(Context context) {
        return SinkTables.create(this, context);
    }

    /** Physical and metadata columns, in the order of their declaration. */
    static List<Column> columns(Context context) {
        List<Column> columns = new ArrayList<>(context.getCatalogTable().getResolvedSchema().getColumns());
        columns.removeIf(column -> !column.isPhysical() && !(column instanceof Column.MetadataColumn));
        return columns;
    }

    /** Refuses a table with all that is wrong with it. */
    static void check(Context context, List<String> ofTheTable) {
        String table = context.getObjectIdentifier().asSummaryString();
        List<String> problems = new ArrayList<>(Formats.problems(context));
        problems.addAll(ofTheTable);
        if (!problems.isEmpty()) {
            StringBuilder text = new StringBuilder();
            for (String problem : problems) {
                text.append(text.length() == 0 ? "" : "\n").append("table ").append(table).append(": ").append(problem);
            }
            throw new ValidationException(text.toString());
        }
    }
}
