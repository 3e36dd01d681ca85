package io.rocketlink.client;

import java.io.Serializable;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** A message as a program makes it, in the shape of RocketMQ's own class. A POJO in Flink's sense. */
public class Message implements Serializable {
    private static final long serialVersionUID = 1L;

    static final String KEYS = "KEYS";
    static final String TAGS = "TAGS";
    private static final String SHARDING_KEY = "__SHARDINGKEY";
    private static final String WAIT = "WAIT";
    private static final String UNIQUE_KEY = "UNIQ_KEY";

    private String topic;
    private int flag;
    private Map<String, String> properties = new HashMap<>();
    private byte[] body;

    public Message() {}

    public Message(String topic, byte[] body) {
        this(topic, null, null, body);
    }

    public Message(String topic, String tags, byte[] body) {
        this(topic, tags, null, body);
    }

    public Message(String topic, String tags, String keys, byte[] body) {
        this.topic = topic;
        this.body = body;
        if (tags != null && !tags.isEmpty()) {
            setTags(tags);
        }
        if (keys != null && !keys.isEmpty()) {
            setKeys(keys);
        }
    }

    /** Where it was read from. A sink writes to its own topic, whatever this says. */
    public String getTopic() {
        return topic;
    }

    public void setTopic(String topic) {
        this.topic = topic;
    }

    /** The application's own flag, as read; not written. */
    public int getFlag() {
        return flag;
    }

    public void setFlag(int flag) {
        this.flag = flag;
    }

    public byte[] getBody() {
        return body;
    }

    public void setBody(byte[] body) {
        this.body = body;
    }

    /** All properties, the system's among them. */
    public Map<String, String> getProperties() {
        return properties;
    }

    public void setProperties(Map<String, String> properties) {
        this.properties = properties;
    }

    public String getProperty(String name) {
        return properties.get(name);
    }

    public String getUserProperty(String name) {
        return properties.get(name);
    }

    public void putUserProperty(String name, String value) {
        if (name == null || name.isBlank() || value == null || value.isBlank()) {
            throw new IllegalArgumentException("a property's name and value must not be blank: '" + name + "' = '" + value + "'");
        }
        properties.put(name, value);
    }

    public String getTags() {
        return properties.get(TAGS);
    }

    public void setTags(String tags) {
        put(TAGS, tags);
    }

    public String getKeys() {
        return properties.get(KEYS);
    }

    /** Several keys are separated by blanks. */
    public void setKeys(String keys) {
        put(KEYS, keys);
    }

    public void setKeys(Collection<String> keys) {
        put(KEYS, String.join(" ", keys));
    }

    /** Messages of one sharding key go to one queue, in order. */
    public String getShardingKey() {
        return properties.get(SHARDING_KEY);
    }

    public void setShardingKey(String key) {
        put(SHARDING_KEY, key);
    }

    /** The client-made unique id; a sink gives every message a new one. */
    public String getUniqueKey() {
        return properties.get(UNIQUE_KEY);
    }

    public boolean isWaitStoreMsgOK() {
        return !"false".equals(properties.get(WAIT));
    }

    /** Kept for programs that call it: a sink always waits until a message is stored. */
    public void setWaitStoreMsgOK(boolean wait) {
        properties.put(WAIT, Boolean.toString(wait));
    }

    private void put(String name, String value) {
        if (value == null) {
            properties.remove(name);
        } else {
            properties.put(name, value);
        }
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "{topic=" + topic + ", properties=" + properties + ", body="
                + (body == null ? "null" : body.length + " bytes") + "}";
    }
}
