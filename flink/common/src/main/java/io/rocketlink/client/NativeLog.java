package io.rocketlink.client;

import org.slf4j.Logger;

/** Hands the core's log lines on, as native code never calls up. */
final class NativeLog {
    private NativeLog() {}

    static void write(Logger logger, String[] lines) {
        if (lines == null) {
            return;
        }
        for (String line : lines) {
            String text = line.substring(1);
            switch (line.charAt(0)) {
                case 'I':
                    logger.info(text);
                    break;
                case 'W':
                    logger.warn(text);
                    break;
                default:
                    logger.error(text);
            }
        }
    }
}
