/// Keeps the books of an import: what was said of each value, and in the end of which nothing was.
struct ImportLedger {
    private let files: [String]
    private var entries: [String: ImportEntry] = [:]

    init(files: [String]) {
        self.files = files
    }

    mutating func note(
        _ fate: ImportFate, _ source: ImportSource, target: String? = nil, _ message: String? = nil
    ) {
        let entry = ImportEntry(
            file: files[source.position.file], position: source.position, path: source.path, fate: fate,
            target: target, messages: message.map { [$0] } ?? [])
        if entries[source.path]?.add(entry) == nil { entries[source.path] = entry }
    }

    /// The value with all that it holds; what was said of any part of it holds no longer.
    mutating func drop(_ source: ImportSource, _ message: String) {
        source.forEachBelow { entries[$0.path] = nil }
        entries[source.path] = nil
        note(.dropped, source, message)
    }

    /// - Parameter root: the input: whatever in it nobody spoke of has no counterpart.
    mutating func report(on root: ImportSource) -> ImportReport {
        account(for: root, isDropped: false)
        let sorted = entries.values.sorted {
            ($0.position, $0.path) < ($1.position, $1.path)
        }
        return ImportReport(entries: sorted)
    }

    private mutating func account(for source: ImportSource, isDropped: Bool) {
        let isDropped = isDropped || entries[source.path]?.fate == .dropped
        let children = source.children
        for child in children { account(for: child, isDropped: isDropped) }
        guard children.isEmpty, !isDropped, entries[source.path] == nil else { return }
        if source.isEmpty {
            note(.carried, source)
        } else {
            note(.dropped, source, "is not known here: look whether it is written as Gatus wants it")
        }
    }
}
