package io.rocketlink.client;

/** A message as it was read, in the shape of RocketMQ's own class. A POJO in Flink's sense. */
public class MessageExt extends Message {
    private static final long serialVersionUID = 1L;

    private String brokerName;
    private int queueId;
    private long queueOffset;
    private int sysFlag;
    private long bornTimestamp;
    private long storeTimestamp;
    private String msgId;
    private int reconsumeTimes;

    public String getBrokerName() {
        return brokerName;
    }

    public void setBrokerName(String brokerName) {
        this.brokerName = brokerName;
    }

    public int getQueueId() {
        return queueId;
    }

    public void setQueueId(int queueId) {
        this.queueId = queueId;
    }

    public long getQueueOffset() {
        return queueOffset;
    }

    public void setQueueOffset(long queueOffset) {
        this.queueOffset = queueOffset;
    }

    public int getSysFlag() {
        return sysFlag;
    }

    public void setSysFlag(int sysFlag) {
        this.sysFlag = sysFlag;
    }

    /** When the producer made it, epoch milliseconds by the producer's clock. */
    public long getBornTimestamp() {
        return bornTimestamp;
    }

    public void setBornTimestamp(long bornTimestamp) {
        this.bornTimestamp = bornTimestamp;
    }

    /** When the broker stored it, epoch milliseconds by the broker's clock. */
    public long getStoreTimestamp() {
        return storeTimestamp;
    }

    public void setStoreTimestamp(long storeTimestamp) {
        this.storeTimestamp = storeTimestamp;
    }

    /** The client-made unique id, else the broker's offset id. */
    public String getMsgId() {
        return msgId;
    }

    public void setMsgId(String msgId) {
        this.msgId = msgId;
    }

    public int getReconsumeTimes() {
        return reconsumeTimes;
    }

    public void setReconsumeTimes(int reconsumeTimes) {
        this.reconsumeTimes = reconsumeTimes;
    }

    @Override
    public String toString() {
        return "MessageExt{queue=" + getTopic() + "@" + brokerName + ":" + queueId + ", queueOffset=" + queueOffset + ", msgId="
                + msgId + ", " + super.toString() + "}";
    }
}
