package io.rocketlink.differential;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.transformations.OneInputTransformation;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.api.internal.TableEnvironmentImpl;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.operations.CollectModifyOperation;
import org.apache.flink.table.planner.delegation.PlannerBase;
import org.apache.flink.table.runtime.operators.CodeGenOperatorFactory;
import org.apache.flink.table.runtime.typeutils.RowDataSerializer;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.utils.LogicalTypeParser;

/**
 * What Flink says: reads a table and expressions over it from stdin, and answers each on stdout. Each expression is planned as a
 * streaming query, and the operator that the planner generates for it is given the rows. The lines, of fields that tabs divide,
 * are described in engines.py.
 */
public final class AnswerFlink {
    private static final int MOST_OF_A_MESSAGE = 300;
    private static final String NOTHING_TO_DO = "the plan has no operator for rows"; // all are left out, or none

    private final StreamTableEnvironment tables =
            StreamTableEnvironment.create(StreamExecutionEnvironment.getExecutionEnvironment());
    private final List<String> columns = new ArrayList<>();
    private final List<LogicalType> types = new ArrayList<>();
    private final List<RowData> rows = new ArrayList<>();
    private final MockEnvironment environment = new MockEnvironmentBuilder().build(); // costs more than a query

    private AnswerFlink() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        AnswerFlink flink = new AnswerFlink();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] fields = line.split("\t", -1);
            switch (fields[0]) {
                case "zone":
                    flink.tables.getConfig().setLocalTimeZone(ZoneId.of(fields[1]));
                    break;
                case "column":
                    flink.column(fields[1], fields[2]);
                    break;
                case "row":
                    flink.row(fields);
                    break;
                case "start":
                    flink.start();
                    break;
                case "script":
                    out.println(flink.taken(Values.unhex(fields[1])));
                    break;
                case "ask":
                    out.println(flink.answer(Values.unhex(fields[1])));
                    break;
                default:
                    throw new IllegalArgumentException(line);
            }
        }
    }

    private void column(String name, String type) {
        columns.add("`" + name + "` " + type);
        types.add(LogicalTypeParser.parse(type, AnswerFlink.class.getClassLoader()));
    }

    private void row(String[] fields) {
        GenericRowData row = new GenericRowData(types.size());
        for (int i = 0; i < types.size(); i++) {
            row.setField(i, Values.read(fields[i + 1], types.get(i)));
        }
        rows.add(row);
    }

    private void start() {
        if (columns.isEmpty()) {
            return; // scripts alone are asked
        }
        tables.executeSql("CREATE TABLE t (" + String.join(", ", columns) + ") WITH ('connector' = 'datagen')");
    }

    /** "taken", or "refused", why: tables and views are made and dropped again, other statements are planned. */
    private String taken(String script) {
        try {
            for (String statement : script.split(";\n")) {
                if (statement.trim().toUpperCase(Locale.ROOT).startsWith("INSERT")) {
                    tables.explainSql(statement);
                } else {
                    tables.executeSql(statement);
                }
            }
            return "taken";
        } catch (Throwable error) {
            return "refused\t" + why(error);
        } finally {
            for (String view : tables.listViews()) {
                drop("VIEW", view);
            }
            for (String table : tables.listTables()) {
                drop("TABLE", table);
            }
        }
    }

    private void drop(String kind, String name) {
        String quoted = "`" + name.replace("`", "``") + "`";
        boolean temporary = Arrays.asList(tables.listTemporaryTables()).contains(name)
                || Arrays.asList(tables.listTemporaryViews()).contains(name);
        tables.executeSql("DROP " + (temporary ? "TEMPORARY " : "") + kind + " " + quoted);
    }

    /** "refused", why; or "values", the type and a value for each row. */
    private String answer(String expression) {
        try {
            boolean query = expression.startsWith("SELECT ") || expression.startsWith("WITH ");
            Table table = tables.sqlQuery(query ? expression : "SELECT " + expression + " AS x FROM t");
            LogicalType type = table.getResolvedSchema().getColumnDataTypes().get(0).getLogicalType();
            return "values\t" + type.asSummaryString() + values(operator(table), type);
        } catch (Throwable error) {
            return "refused\t" + why(error);
        }
    }

    /** The operator that the planner generates for all that a query does. */
    private CodeGenOperatorFactory<RowData> operator(Table table) {
        PlannerBase planner = (PlannerBase) ((TableEnvironmentImpl) tables).getPlanner();
        List<Transformation<?>> plan =
                planner.translate(List.of(new CollectModifyOperation(table.getQueryOperation())));
        Transformation<?> each = plan.get(0);
        while (!(each instanceof OneInputTransformation)
                || !(((OneInputTransformation<?, ?>) each).getOperatorFactory() instanceof CodeGenOperatorFactory)) {
            if (each.getInputs().isEmpty()) {
                throw new IllegalStateException(NOTHING_TO_DO);
            }
            each = each.getInputs().get(0);
        }
        @SuppressWarnings("unchecked")
        CodeGenOperatorFactory<RowData> factory =
                (CodeGenOperatorFactory<RowData>) ((OneInputTransformation<RowData, RowData>) each).getOperatorFactory();
        return factory;
    }

    private String values(CodeGenOperatorFactory<RowData> operator, LogicalType type) throws Exception {
        StringBuilder values = new StringBuilder();
        try (OneInputStreamOperatorTestHarness<RowData, RowData> harness =
                new OneInputStreamOperatorTestHarness<>(new OneInput(operator), environment)) {
            harness.setup(new RowDataSerializer(RowType.of(type)));
            harness.open();
            for (RowData row : rows) {
                values.append('\t');
                try {
                    harness.processElement(new StreamRecord<>(row));
                    StreamRecord<RowData> out = (StreamRecord<RowData>) harness.getOutput().poll();
                    values.append(out == null ? "-" : Values.write(out.getValue(), type));
                } catch (Throwable error) {
                    values.append('!').append(why(error));
                }
            }
        }
        return values.toString();
    }

    private static String why(Throwable error) {
        Throwable deepest = error;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        String text = deepest.getClass().getSimpleName() + ": " + deepest.getMessage();
        return text.substring(0, Math.min(text.length(), MOST_OF_A_MESSAGE)).replaceAll("\\s+", " ");
    }

    /** The same operator, said to have one input. */
    private static final class OneInput extends AbstractStreamOperatorFactory<RowData>
            implements OneInputStreamOperatorFactory<RowData, RowData> {
        private final CodeGenOperatorFactory<RowData> generated;

        OneInput(CodeGenOperatorFactory<RowData> generated) {
            this.generated = generated;
        }

        @Override
        public <T extends StreamOperator<RowData>> T createStreamOperator(StreamOperatorParameters<RowData> parameters) {
            generated.setProcessingTimeService(processingTimeService);
            return generated.createStreamOperator(parameters);
        }

        @Override
        @SuppressWarnings("rawtypes")
        public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader loader) {
            return generated.getStreamOperatorClass(loader);
        }
    }
}
