import VitalsCore

/// What is measured of a Redis or Valkey server, or a Sentinel, besides that it answers.
enum RedisVitals {
    static let questions: [VitalQuestion] = [info, cluster, slowLog, latency, watched]

    static let rules: [VitalRule] = questions.flatMap(\.rules) + [CertificateVital.rule]

    /// What changes from one minute to the next.
    static let quick = Duration.seconds(60)
    static let slow = Duration.seconds(300)

    static func remedy(_ rights: String) -> String { "ACL SETUSER CURRENT_USER \(rights)" }

    /// Of all that a server tells of itself, in one command that is quick.
    static let info = VitalQuestion(
        clients + memory + persistence + traffic + replication + [snapshotAge],
        remedy: remedy("+info"),
        form: { server in server.flavour == .sentinel ? .pointless : .statement("INFO") },
        readAnswer: { answer, _ in
            let fields = Fields(answer)
            return read(clients: fields, answer) + read(memory: fields) + read(persistence: fields)
                + read(traffic: fields) + read(replication: fields)
        }
    )
    .followed(by: { answer, _ in snapshots(Fields(answer)) })

    /// The one row of what `INFO` tells.
    struct Fields {
        private let answer: VitalQuestion.Answer
        private let places: [String: Int]

        init(_ answer: VitalQuestion.Answer) {
            self.answer = answer
            places = Dictionary(answer.columns.enumerated().map { ($1.name, $0) }) { first, _ in first }
        }

        func text(_ name: String) -> String? {
            guard let place = places[name], let row = answer.rows.first else { return nil }
            return row.text(place)
        }

        func number(_ name: String) -> Double? { text(name).flatMap { Number.parse($0) } }

        /// Those whose names begin so and end in a number: `slave0`, `db12`.
        func numbered(_ name: String) -> [String] {
            answer.columns.filter { column in
                let rest = column.name.dropFirst(name.count)
                return column.name.hasPrefix(name) && !rest.isEmpty
                    && rest.utf8.allSatisfy { (0x30...0x39).contains($0) }
            }
            .compactMap { text($0.name) }
        }
    }

    /// `offset` of `ip=127.0.0.1,port=6380,state=online,offset=42,lag=0`
    static func part(_ name: String, of text: String) -> String? {
        text.split(separator: ",").first { $0.hasPrefix("\(name)=") }
            .map { String($0.dropFirst(name.count + 1)) }
    }
}
