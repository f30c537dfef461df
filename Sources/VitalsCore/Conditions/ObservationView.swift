/// What conditions see in an observation. The body is read as JSON once, when the first of them asks for a
/// part of it.
struct ObservationView {
    /// What an operand turned out to be.
    enum Finding {
        case value(SeenValue)
        /// It is not there; with what is not.
        case missing(String)
        /// The beginning of a text of which more is not known.
        case beginning(String, SeenError)
    }

    let observation: Observation
    private var document: Result<JSON, SeenError>?
    private var text: String?

    init(_ observation: Observation) {
        self.observation = observation
    }

    mutating func find(_ subject: Subject) throws(SeenError) -> Finding {
        switch subject.name {
        case .status: found(observation.status, else: "no status") { .number(ExactNumber($0), String($0)) }
        case .responseTime: .value(.duration(observation.latency))
        case .address: found(observation.address, else: "no address") { .text($0) }
        case .body: try subject.path.isEmpty ? wholeBody() : find(subject.path, in: try json())
        case .connected: .value(.bool(observation.isConnected))
        case .certificate:
            found(observation.certificateTimeLeft, else: "no certificate") { .duration($0) }
        case .dnsCode: found(observation.dnsCode, else: "no DNS response") { .text($0) }
        case .header: header(subject)
        case .phase: phase(subject)
        case .rows: try rows(subject.path)
        }
    }

    /// Whether it is there. An empty body is not, nor are rows of which there are none.
    mutating func has(_ subject: Subject) throws(SeenError) -> Bool {
        if subject.name == .rows, subject.path.count < 2 { return hasRow(subject.path) }
        if subject.name == .body, subject.path.isEmpty { return !(observation.body ?? []).isEmpty }
        return switch try find(subject) {
        case .value, .beginning: true
        case .missing: false
        }
    }

    /// Items of an array or rows; else characters, of an object or number as JSON writes it.
    mutating func length(_ subject: Subject) throws(SeenError) -> Finding {
        if subject.name == .rows, subject.path.isEmpty { return try rows([.name("count")]) }
        var finding = try find(subject)
        // Of a whole body: of what it is as JSON, if it is that.
        if subject.name == .body, subject.path.isEmpty, case .value = finding, let json = try? json() {
            finding = .value(try SeenValue(json))
        }
        switch finding {
        case .missing: return finding
        case .beginning(_, let cut): throw cut
        case .value(.container(.array(let items))):
            return .value(.number(ExactNumber(items.count), "\(items.count)"))
        case .value(let value):
            let count = value.text.unicodeScalars.count
            return .value(.number(ExactNumber(count), String(count)))
        }
    }

    private func found<T>(_ value: T?, else missing: String, _ make: (T) -> SeenValue) -> Finding {
        value.map { .value(make($0)) } ?? .missing("there is \(missing)")
    }
}

extension ObservationView {
    private mutating func wholeBody() throws(SeenError) -> Finding {
        guard let body = observation.body else { return .missing("there is no body") }
        let text = self.text ?? Self.text(of: body, isCut: observation.isBodyCut)
        self.text = text
        return observation.isBodyCut ? .beginning(text, cut) : .value(.text(text))
    }

    /// Without blanks around it; a character that the end cuts is left out.
    private static func text(of body: [UInt8], isCut: Bool) -> String {
        var whole = body[...]
        if isCut, let start = whole.suffix(3).lastIndex(where: { $0 >= 0xC0 }) {
            let width = body[start] >= 0xF0 ? 4 : body[start] >= 0xE0 ? 3 : 2
            if start + width > body.count { whole = body[..<start] }
        }
        return String(decoding: whole, as: UTF8.self).trimmed
    }

    /// What cannot be said of a body of which only the beginning is known.
    private var cut: SeenError {
        SeenError("only the first \(observation.body?.count ?? 0) bytes of the body are known")
    }

    private mutating func json() throws(SeenError) -> JSON {
        if let document { return try document.get() }
        let read = readDocument()
        document = read
        return try read.get()
    }

    private func readDocument() -> Result<JSON, SeenError> {
        guard let body = observation.body else { return .failure(SeenError("there is no body")) }
        guard !observation.isBodyCut else { return .failure(cut) }
        do throws(JSONError) {
            return .success(try JSON(parsing: body))
        } catch {
            return .failure(SeenError("the body is not JSON: \(error.message)"))
        }
    }

    private func find(_ path: [Subject.Step], in document: JSON) throws(SeenError) -> Finding {
        var value = document
        for step in path {
            switch (step, value) {
            case (.name(let name), .object(let members)):
                guard let member = members.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
                    return .missing("there is no `\(name.shown(upTo: 40))`")
                }
                value = member.value
            case (.index(let index), .array(let items)):
                guard index < items.count else {
                    return .missing("there is no [\(index)], only \(items.count) items")
                }
                value = items[index]
            case (.name(let name), _):
                return .missing("there is no `\(name.shown(upTo: 40))` in \(try SeenValue(value).kindName)")
            case (.index(let index), _):
                return .missing("there is no [\(index)] in \(try SeenValue(value).kindName)")
            }
        }
        return .value(try SeenValue(value))
    }

    /// Those of one name, whatever its case, are one (RFC 9110, 5.3).
    private func header(_ subject: Subject) -> Finding {
        guard case .name(let name)? = subject.path.first else { return .missing("there is no such header") }
        let folded = name.lowercased()
        let values = observation.headers.filter { $0.name.lowercased() == folded }.map(\.value)
        guard !values.isEmpty else { return .missing("there is no header `\(name.shown(upTo: 40))`") }
        return .value(.text(values.joined(separator: ", ").trimmed))
    }

    /// One that was gone through twice counts with the sum.
    private func phase(_ subject: Subject) -> Finding {
        let timings = observation.phases.filter { $0.phase == subject.phase }
        guard !timings.isEmpty else { return .missing("there was no such phase") }
        return .value(.duration(timings.reduce(.zero) { $0 + $1.duration }))
    }
}

extension ObservationView {
    private func hasRow(_ path: [Subject.Step]) -> Bool {
        let count = observation.rows?.count ?? 0
        if case .index(let index)? = path.first { return index < count }
        return path.isEmpty ? count > 0 : observation.rows != nil
    }

    private func rows(_ path: [Subject.Step]) throws(SeenError) -> Finding {
        guard let rows = observation.rows else { return .missing("there are no rows") }
        guard case .index(let index)? = path.first, path.count == 2 else {
            return .value(.number(ExactNumber(rows.count), String(rows.count)))
        }
        guard index < rows.count else { return .missing("there is no row \(index), only \(rows.count)") }
        guard index < rows.kept.count else {
            throw SeenError("only the first \(rows.kept.count) rows are known")
        }
        guard let column = try column(path[1], of: rows), column < rows.kept[index].count else {
            return .missing(
                "there is no such column; there are \(rows.columns.joined(separator: ", ").shown(upTo: 80))")
        }
        return .value(Self.value(of: rows.kept[index][column]))
    }

    private func column(_ step: Subject.Step, of rows: Observation.Rows) throws(SeenError) -> Int? {
        switch step {
        case .index(let index): index < rows.columns.count ? index : nil
        case .name(let name): rows.columns.firstIndex { $0.utf8.elementsEqual(name.utf8) }
        }
    }

    /// What a server calls a number and is none of ours (`NaN`) is a text.
    private static func value(of field: Observation.Field) -> SeenValue {
        switch field {
        case .null: .null
        case .text(let text): .text(text)
        case .bool(let value): .bool(value)
        case .number(let text): ExactNumber(text).map { .number($0, text) } ?? .text(text)
        }
    }
}
