package io.rocketlink.client;

import io.rocketlink.client.NativeLayout.OptionEntry;
import io.rocketlink.client.NativeLayout.TableColumn;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table as the native core is told about it: the options as written in WITH and the columns in their order. Secrets stay the
 * placeholders <code>${secret_values.NAME}</code> until the core looks them up in the environment of the process that uses
 * them, so that none travels with a job.
 */
public final class TableDescription implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String[] entries;
    private final String[] columns;

    private TableDescription(String[] entries, String[] columns) {
        this.entries = entries;
        this.columns = columns;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Names of the options that tables of this connector, {@code mq} or {@code mq5}, may have. */
    public static List<String> optionNames(String connector) {
        return Arrays.asList(NativeOptions.names(connector));
    }

    /** The one of {@code known} that is near enough to {@code name} to have been meant. */
    public static Optional<String> nearestName(String name, Collection<String> known) {
        return Optional.ofNullable(NativeOptions.nearest(name, known.toArray(new String[0])));
    }

    /** The same with one more option. */
    public TableDescription with(String option, String value) {
        String[] more = Arrays.copyOf(entries, entries.length + OptionEntry.SIZE);
        System.arraycopy(entry(option, value), 0, more, entries.length, OptionEntry.SIZE);
        return new TableDescription(more, columns);
    }

    /** All that is wrong with it, in the words of the native runner; empty when nothing is. */
    public List<String> problems(boolean source, boolean sink) {
        return Arrays.asList(NativeOptions.check(entries, columns, source, sink));
    }

    /** As a source; an exception that names all that is wrong, if anything is. */
    public SourceSettings sourceSettings() throws RocketLinkException {
        return new SourceSettings(NativeOptions.topic(entries, columns), NativeOptions.source(entries, columns));
    }

    /** As a sink; an exception that names all that is wrong, if anything is. */
    public SinkSettings sinkSettings() throws RocketLinkException {
        return new SinkSettings(NativeOptions.sink(entries, columns));
    }

    /** What begins when it is read or written: our version, what is done, where and as whom. */
    public String summary(boolean source) throws RocketLinkException {
        String version = TableDescription.class.getPackage().getImplementationVersion();
        return String.format(
                "rocketlink %s %s %s",
                version == null ? "(not from its jar)" : version,
                source ? "reads" : "writes",
                NativeOptions.summary(entries, columns, source));
    }

    /** {@link OptionEntry} of each option. */
    String[] entries() {
        return entries;
    }

    /** {@link TableColumn} of each column. */
    String[] columns() {
        return columns;
    }

    private static String[] entry(String name, String value) {
        String[] entry = new String[OptionEntry.SIZE];
        entry[OptionEntry.NAME] = name;
        entry[OptionEntry.VALUE] = value;
        return entry;
    }

    public static final class Builder {
        private final List<String> entries = new ArrayList<>();
        private final List<String> columns = new ArrayList<>();

        private Builder() {}

        public Builder option(String name, String value) {
            entries.addAll(Arrays.asList(entry(name, value)));
            return this;
        }

        public Builder options(Map<String, String> options) {
            options.forEach(this::option);
            return this;
        }

        /** A physical column; {@code type} as Flink SQL writes it. */
        public Builder physical(String name, String type) {
            return column(name, type, "", false);
        }

        public Builder metadata(String name, String type, String key, boolean isVirtual) {
            return column(name, type, key, isVirtual);
        }

        private Builder column(String name, String type, String metadataKey, boolean isVirtual) {
            String[] column = new String[TableColumn.SIZE];
            column[TableColumn.NAME] = name;
            column[TableColumn.TYPE] = type;
            column[TableColumn.METADATA_KEY] = metadataKey;
            column[TableColumn.VIRTUAL] = isVirtual ? NativeLayout.VIRTUAL : "";
            column[TableColumn.COMMENT] = "";
            columns.addAll(Arrays.asList(column));
            return this;
        }

        public TableDescription build() {
            return new TableDescription(entries.toArray(new String[0]), columns.toArray(new String[0]));
        }
    }
}
