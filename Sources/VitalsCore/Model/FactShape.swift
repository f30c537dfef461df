/// What a fact is, for whoever shows it.
package struct FactShape: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case text, number, list
    }

    /// Which way is bad.
    package enum Direction: String, Sendable, CaseIterable {
        /// The lower the worse.
        case low
        /// The higher the worse.
        case high
    }

    /// How it is best drawn over time.
    package enum Chart: String, Sendable, CaseIterable {
        /// A line: it is measured, and any value may follow any other.
        case line
        /// Steps: it stays what it is until it changes.
        case step
    }

    package let kind: Kind
    /// Of a number: `days`, `s`, `us`, `%`, `B`; empty: it is counted.
    package let unit: String
    /// Nothing: neither way, or it is no number.
    package let direction: Direction?
    /// Nothing: it is shown as it is.
    package let chart: Chart?

    private init(_ kind: Kind, unit: String = "", bad direction: Direction? = nil, drawn chart: Chart? = nil)
    {
        self.kind = kind
        self.unit = unit
        self.direction = direction
        self.chart = chart
    }

    fileprivate static let text = FactShape(.text, drawn: .step)
    fileprivate static let list = FactShape(.list)
    fileprivate static let said = FactShape(.text)

    fileprivate static func number(
        _ unit: String = "", bad: Direction? = nil, drawn chart: Chart
    ) -> FactShape {
        FactShape(.number, unit: unit, bad: bad, drawn: chart)
    }
}

extension FactName {
    package var shape: FactShape {
        switch self {
        case .serverVersion, .role, .pooler, .systemIdentifier, .httpVersion, .tlsProtocol,
            .tlsCipher, .certificateSubject, .certificateIssuer, .certificateKey, .responseCode,
            .journalMode, .libraryVersion, .serverFlavour, .readOnly, .read, .write, .region,
            .subprotocol, .realtimeChecked, .tenantHealthy, .databaseConnected:
            .text
        case .output: .said
        case .addresses, .certificateNames, .answers: .list
        case .httpStatus, .redirects, .certificateChainLength, .authorityRecords, .additionalRecords,
            .packetsSent, .packetsReceived, .userVersion, .closeCode:
            .number(drawn: .step)
        case .certificateDaysLeft, .certificateChainDaysLeft: .number("days", bad: .low, drawn: .line)
        case .minimumTTL, .uptime: .number("s", drawn: .line)
        case .lossPercent: .number("%", bad: .high, drawn: .line)
        case .roundTripMinimum, .roundTripAverage, .roundTripMaximum: .number("us", bad: .high, drawn: .line)
        case .fileBytes, .databaseBytes: .number("B", drawn: .line)
        case .queryTime: .number("us", bad: .high, drawn: .line)
        case .attempts: .number(bad: .high, drawn: .step)
        case .pageCount, .connectedClients: .number(drawn: .line)
        case .pageSize: .number("B", drawn: .step)
        }
    }
}
