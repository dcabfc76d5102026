//! What kind of machine it is. The kind decides how fast it ages and which market it finds, so it is one fixed list that
//! the papers, the value and the working thresholds share.

use crate::coded::coded;

coded! {
    /// The kind of a machine.
    EquipmentCategory {
        /// 车床.
        Lathe "lathe" "车床" "lathe";
        /// 铣床.
        MillingMachine "milling_machine" "铣床" "milling machine";
        /// 加工中心.
        MachiningCentre "machining_centre" "加工中心" "machining centre";
        /// 磨床.
        GrindingMachine "grinding_machine" "磨床" "grinding machine";
        /// 钻床.
        DrillingMachine "drilling_machine" "钻床" "drilling machine";
        /// 冲床.
        PunchPress "punch_press" "冲床" "punch press";
        /// 折弯机.
        PressBrake "press_brake" "折弯机" "press brake";
        /// 激光切割机.
        LaserCutter "laser_cutter" "激光切割机" "laser cutter";
        /// 焊接设备.
        WeldingMachine "welding_machine" "焊接设备" "welding machine";
        /// 注塑机.
        InjectionMoulding "injection_moulding" "注塑机" "injection moulding machine";
        /// 挤出机.
        Extruder "extruder" "挤出机" "extruder";
        /// 压铸机.
        DieCasting "die_casting" "压铸机" "die casting machine";
        /// 空气压缩机.
        AirCompressor "air_compressor" "空气压缩机" "air compressor";
        /// 织机.
        Loom "loom" "织机" "loom";
        /// 工业缝纫机.
        SewingMachine "sewing_machine" "工业缝纫机" "industrial sewing machine";
        /// 印刷机.
        PrintingPress "printing_press" "印刷机" "printing press";
        /// 包装机.
        PackagingMachine "packaging_machine" "包装机" "packaging machine";
        /// 木工机械.
        Woodworking "woodworking" "木工机械" "woodworking machine";
        /// 食品加工机械.
        FoodProcessing "food_processing" "食品加工机械" "food processing machine";
        /// 制冷机组.
        Refrigeration "refrigeration" "制冷机组" "refrigeration unit";
        /// 挤奶机.
        MilkingMachine "milking_machine" "挤奶机" "milking machine";
        /// 饲料搅拌机.
        FeedMixer "feed_mixer" "饲料搅拌机" "feed mixer";
        /// 谷物烘干机.
        GrainDryer "grain_dryer" "谷物烘干机" "grain dryer";
        /// 水泵.
        Pump "pump" "水泵" "pump";
        /// 拖拉机.
        Tractor "tractor" "拖拉机" "tractor";
        /// 收割机.
        Harvester "harvester" "收割机" "harvester";
        /// 其他设备.
        Other "other" "其他设备" "other machine";
    }
}
