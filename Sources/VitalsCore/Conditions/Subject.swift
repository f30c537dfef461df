/// What a condition asks for, in brackets: `[BODY].data[0].id`.
struct Subject: Sendable, Equatable {
    enum Name: String, Sendable, CaseIterable {
        case status = "STATUS"
        case responseTime = "RESPONSE_TIME"
        case address = "IP"
        case body = "BODY"
        case connected = "CONNECTED"
        case certificate = "CERTIFICATE_EXPIRATION"
        case dnsCode = "DNS_RCODE"
        case header = "HEADER"
        case phase = "PHASE"
        case rows = "ROWS"
    }

    enum Step: Sendable, Equatable {
        case name(String)
        case index(Int)
    }

    let name: Name
    let path: [Step]

    /// What it is whenever it is there; nothing for what may be anything.
    enum Kind: Sendable, Equatable {
        case number, duration, bool
    }

    var kind: Kind? {
        switch name {
        case .status: .number
        case .responseTime, .certificate, .phase: .duration
        case .connected: .bool
        case .rows: path == [.name("count")] ? .number : nil
        case .address, .body, .dnsCode, .header: nil
        }
    }

    /// Of a `[PHASE].tls`.
    var phase: Phase? {
        guard name == .phase, case .name(let word)? = path.first else { return nil }
        return Phase(rawValue: word.lowercased())
    }
}

extension Subject.Name {
    var need: ConditionNeeds {
        switch self {
        case .status: .status
        case .responseTime: .latency
        case .address: .address
        case .body: .body
        case .connected: .connected
        case .certificate: .certificate
        case .dnsCode: .dnsCode
        case .header: .headers
        case .phase: .phases
        case .rows: .rows
        }
    }

    /// Names of Gatus that nothing here answers, and why.
    static let unanswered = [
        "DOMAIN_EXPIRATION": "when a domain ends is not looked up",
        "CONTEXT": "there are no suites",
    ]
}
