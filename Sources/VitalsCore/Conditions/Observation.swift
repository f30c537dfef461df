/// What a probe saw of its target and conditions may ask for. What it did not see is nothing, and no
/// condition holds of it.
package struct Observation: Sendable, Equatable {
    /// Of HTTP, or the exit status of a command.
    package var status: Int?
    /// In their order, as they came; of several of one name all count.
    package var headers: [Header]
    /// The beginning of what was answered; nothing where no body was kept.
    package var body: [UInt8]?
    /// Whether more came than `body` holds.
    package var isBodyCut: Bool
    /// The address that was talked to.
    package var address: String?
    package var isConnected: Bool
    /// `NOERROR`, `NXDOMAIN`, ...
    package var dnsCode: String?
    /// Until the certificate ends; negative when it has.
    package var certificateTimeLeft: Duration?
    package var rows: Rows?
    /// Those of the run; `Conditions.judge` fills them in.
    package var latency: Duration
    package var phases: [PhaseTiming]

    package struct Header: Sendable, Equatable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// What a query returned.
    package struct Rows: Sendable, Equatable {
        package let columns: [String]
        /// The first rows, each with a value for each column.
        package let kept: [[Field]]
        /// All rows, also those that are not kept.
        package let count: Int

        package init(columns: [String], kept: [[Field]], count: Int) {
            self.columns = columns
            self.kept = kept
            self.count = count
        }
    }

    package enum Field: Sendable, Equatable {
        case null
        case text(String)
        /// As the server wrote it.
        case number(String)
        case bool(Bool)
    }

    package init(
        status: Int? = nil, headers: [Header] = [], body: [UInt8]? = nil, isBodyCut: Bool = false,
        address: String? = nil, isConnected: Bool = true, dnsCode: String? = nil,
        certificateTimeLeft: Duration? = nil, rows: Rows? = nil, latency: Duration = .zero,
        phases: [PhaseTiming] = []
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.isBodyCut = isBodyCut
        self.address = address
        self.isConnected = isConnected
        self.dnsCode = dnsCode
        self.certificateTimeLeft = certificateTimeLeft
        self.rows = rows
        self.latency = latency
        self.phases = phases
    }
}
