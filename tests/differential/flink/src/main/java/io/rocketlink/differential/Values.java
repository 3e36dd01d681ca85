package io.rocketlink.differential;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LogicalType;

/** Flink's internal values from and to the texts that engines.py describes. */
final class Values {
    private static final long NANOS_OF_MILLI = 1_000_000;

    private Values() {}

    static Object read(String text, LogicalType type) {
        if (text.isEmpty()) {
            return null;
        }
        String value = text.substring(1);
        switch (type.getTypeRoot()) {
            case BOOLEAN:
                return value.equals("1");
            case TINYINT:
                return Byte.valueOf(value);
            case SMALLINT:
                return Short.valueOf(value);
            case INTEGER:
            case DATE:
                return Integer.valueOf(value);
            case BIGINT:
                return Long.valueOf(value);
            case FLOAT:
                return Float.intBitsToFloat(Integer.parseUnsignedInt(value, 16));
            case DOUBLE:
                return Double.longBitsToDouble(Long.parseUnsignedLong(value, 16));
            case DECIMAL:
                DecimalType decimal = (DecimalType) type;
                return DecimalData.fromBigDecimal(
                        new BigDecimal(new BigInteger(value), decimal.getScale()),
                        decimal.getPrecision(),
                        decimal.getScale());
            case CHAR:
            case VARCHAR:
                return StringData.fromBytes(bytes(value));
            case BINARY:
            case VARBINARY:
                return bytes(value);
            case TIME_WITHOUT_TIME_ZONE:
                return (int) (Long.parseLong(value) / NANOS_OF_MILLI);
            case TIMESTAMP_WITHOUT_TIME_ZONE:
            case TIMESTAMP_WITH_LOCAL_TIME_ZONE:
                BigInteger nanos = new BigInteger(value);
                BigInteger ofMilli = nanos.mod(BigInteger.valueOf(NANOS_OF_MILLI));
                long millis = nanos.subtract(ofMilli).divide(BigInteger.valueOf(NANOS_OF_MILLI)).longValueExact();
                return TimestampData.fromEpochMillis(millis, ofMilli.intValue());
            default:
                throw new IllegalArgumentException("no column can be " + type);
        }
    }

    static String write(RowData row, LogicalType type) {
        Object value = RowData.createFieldGetter(type, 0).getFieldOrNull(row);
        return value == null ? "" : "=" + text(value, type);
    }

    private static String text(Object value, LogicalType type) {
        switch (type.getTypeRoot()) {
            case BOOLEAN:
                return (Boolean) value ? "1" : "0";
            case TINYINT:
            case SMALLINT:
            case INTEGER:
            case DATE:
            case BIGINT:
                return value.toString();
            case FLOAT:
                return Integer.toHexString(Float.floatToRawIntBits((Float) value));
            case DOUBLE:
                return Long.toHexString(Double.doubleToRawLongBits((Double) value));
            case DECIMAL:
                return ((DecimalData) value).toBigDecimal().setScale(((DecimalType) type).getScale()).unscaledValue().toString();
            case CHAR:
            case VARCHAR:
                return hex(((StringData) value).toBytes());
            case BINARY:
            case VARBINARY:
                return hex((byte[]) value);
            case TIME_WITHOUT_TIME_ZONE:
                return Long.toString((Integer) value * NANOS_OF_MILLI);
            case TIMESTAMP_WITHOUT_TIME_ZONE:
            case TIMESTAMP_WITH_LOCAL_TIME_ZONE:
                TimestampData time = (TimestampData) value;
                return BigInteger.valueOf(time.getMillisecond())
                        .multiply(BigInteger.valueOf(NANOS_OF_MILLI))
                        .add(BigInteger.valueOf(time.getNanoOfMillisecond()))
                        .toString();
            default:
                throw new IllegalArgumentException("no column can be " + type);
        }
    }

    static String hex(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte each : bytes) {
            text.append(Character.forDigit(each >> 4 & 15, 16)).append(Character.forDigit(each & 15, 16));
        }
        return text.toString();
    }

    static String unhex(String hex) {
        return new String(bytes(hex), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String hex) {
        byte[] bytes = new byte[hex.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
        }
        return bytes;
    }
}
