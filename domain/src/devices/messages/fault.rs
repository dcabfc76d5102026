//! What can be wrong with a message or with one of its readings, and what to do about it. The codes are what a sender
//! gets back per item and what staff see in the quarantine.

use crate::coded::coded;
use crate::words::Words;

coded! {
    /// Why nothing of a message can be read.
    MessageFault {
        /// Not JSON, and no other form that this topic has.
        NotJson "message_not_json" "消息不是有效的 JSON，请检查发送端" "The message is not valid JSON; check the sender.";
        /// Deeper than 128 levels.
        TooDeep "message_too_deep" "消息嵌套过深，请减少层级" "The message is nested too deeply; send fewer levels.";
        /// More readings than one message may have.
        TooManyItems "message_too_many_items" "一条消息超过 5000 条读数，请分批发送"
            "The message has more than 5,000 readings; send several messages.";
        /// JSON, but not of this format.
        WrongShape "message_wrong_shape" "消息不是该数据源所选的格式，请核对数据源的格式设置"
            "The message is not of the format chosen for this source; check the source's format.";
        /// Still encrypted.
        Encrypted "message_encrypted" "消息仍是密文，请核对数据源的密钥" "The message is still encrypted; check the source's key.";
        /// A field beside `readings`.
        UnknownField "message_unknown_field" "readings 旁有未知字段，请去掉"
            "There is an unknown field beside readings; remove it.";
    }
}

coded! {
    /// Why a message in order has no readings.
    Nothing {
        /// It says nothing about electricity, relay or connection.
        NoElectricity "no_electricity" "消息中没有电气读数" "The message has no electrical readings.";
        /// It was sent to a socket, not by one.
        Command "command" "这是发给设备的指令" "This is a command to a device.";
        /// An event of another kind.
        Event "other_event" "这是其他类型的事件" "This is an event of another kind.";
        /// A connection ended because the same client opened another.
        TakenOver "connection_taken_over" "同一设备已重新连接，不算离线" "The same client connected again; it is not offline.";
        /// The platform sends raw bytes only.
        Undecoded "payload_undecoded" "平台未解码负载，请在平台配置解码器"
            "The platform did not decode the payload; set a payload formatter there.";
    }
}

coded! {
    /// What is wrong with one reading.
    ItemFaultKind {
        /// Not a JSON object.
        NotObject "item_not_object" "读数应为 JSON 对象" "A reading is a JSON object.";
        /// Neither message nor topic nor query names a device.
        DeviceMissing "device_missing" "缺少设备编号，请在消息、主题或参数中给出"
            "No device is named; name it in the message, the topic or the query.";
        /// Too long, or with hidden characters.
        DeviceUnacceptable "device_unacceptable" "设备编号应为不超过 128 个可见字符"
            "A device id has at most 128 visible characters.";
        /// No time, where one is required.
        TimeMissing "time_missing" "缺少时间，请给出带时区的 RFC 3339 时间" "No time; give an RFC 3339 time with offset.";
        /// Not a time.
        TimeUnreadable "time_unreadable" "时间无法识别" "The time cannot be read.";
        /// Not a number.
        NotNumber "value_not_number" "数值应为数字" "The value is not a number.";
        /// Beyond anything a socket measures, or a counter below zero.
        OutOfRange "value_out_of_range" "数值超出合理范围，请核对单位" "The value is out of range; check its unit.";
        /// Neither true nor false.
        NotBoolean "value_not_boolean" "应为 true 或 false" "The value is neither true nor false.";
        /// Not a channel.
        ChannelUnacceptable "channel_unacceptable" "通道应为 0 到 32767 的整数" "A channel is an integer from 0 to 32767.";
        /// Not a sequence.
        SequenceUnacceptable "sequence_unacceptable" "序号应为 0 到 2147483647 的整数"
            "A sequence is an integer from 0 to 2147483647.";
        /// A field that our own format does not have.
        UnknownField "field_unknown" "未知字段，请核对拼写" "Unknown field; check its spelling.";
        /// A counter and an increment at once.
        EnergyTwice "energy_twice" "energy_kwh 与 energy_added_kwh 只能给出一个"
            "Give either energy_kwh or energy_added_kwh, not both.";
        /// Two different values for the same thing at the same instant.
        Ambiguous "value_ambiguous" "同一时刻同一量有两个不同的值" "There are two different values for one thing at one instant.";
        /// A reading of our own format that says nothing.
        SaysNothing "says_nothing" "读数没有任何数值" "The reading has no values.";
        /// Kept by the broker, without a time of its own.
        Retained "retained" "代理保留的旧消息且不带时间，已忽略；请等待新消息"
            "An old message kept by the broker, without a time; it is ignored, the next one counts.";
        /// An increment of energy without a time of its own: sent twice, it would count twice.
        IncrementUntimed "increment_untimed" "电量增量没有自带时间，重复投递会重复计量，已忽略"
            "An increment of energy without a time of its own would count twice when sent twice; it is ignored.";
        /// The device's own message inside the platform's cannot be read.
        PayloadUnreadable "payload_unreadable" "平台转发的设备消息无法识别" "The device's message inside cannot be read.";
    }
}

/// One reading that could not be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemFault {
    /// What is wrong.
    pub kind: ItemFaultKind,
    /// Its place among the message's readings, from 0.
    pub index: usize,
    /// Where in the message, as a JSON pointer (RFC 6901); empty for the whole message.
    pub pointer: String,
    /// The device, where it is known.
    pub device: Option<String>,
}

impl ItemFault {
    /// The code of [`ItemFault::kind`].
    pub const fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// What is wrong, where, and what to do.
    pub fn words(&self) -> Words {
        let words = self.kind.words();
        if self.pointer.is_empty() {
            return words;
        }
        Words::new(format!("{}：{}", self.pointer, words.zh), format!("{}: {}", self.pointer, words.en))
    }
}
