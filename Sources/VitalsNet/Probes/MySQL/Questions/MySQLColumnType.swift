/// What a column holds, by the byte that stands for its type in the description of a column.
enum MySQLColumnType {
    /// What conditions take a value for. TRUE is a number here, as it is to the server.
    static func kind(of type: UInt8) -> VitalQuestion.Column.Kind {
        switch type {
        // DECIMAL as it was, TINYINT, SMALLINT, INT, FLOAT, DOUBLE; BIGINT, MEDIUMINT; YEAR; BIT; DECIMAL.
        case 0...5, 8, 9, 0x0D, bit, 0xF6: .number
        default: .text
        }
    }

    /// The bits of a BIT come as they are, the highest first: as the number that they are.
    ///
    /// - Parameter bytes: of one value; more than eight are none.
    static func number(ofBits bytes: some Collection<UInt8>) -> String {
        String(bytes.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    static let bit: UInt8 = 0x10
}
