/// Something a probe learned of its target, whatever the outcome; the names are those of the JSON.
package enum FactName: String, Sendable, CaseIterable {
    case serverVersion = "server_version"
    /// `primary` or `replica`.
    case role
    case systemIdentifier = "system_identifier"
    /// Every address the name stood for, in the order in which they were tried.
    case addresses
    case httpStatus = "http_status"
    case tlsProtocol = "tls_protocol"
    case tlsCipher = "tls_cipher"
    case certificateSubject = "certificate_subject"
    /// The names the certificate is for.
    case certificateNames = "certificate_names"
    /// Whole days until it ends; negative when it has ended.
    case certificateDaysLeft = "certificate_days_left"
    /// Of a database file, without what lies beside it.
    case fileBytes = "file_bytes"
    case journalMode = "journal_mode"
    case pageCount = "page_count"
    /// In bytes.
    case pageSize = "page_size"
    /// The number that the application keeps in the file.
    case userVersion = "user_version"
    /// Of the library here that read it.
    case libraryVersion = "library_version"
    /// The first line that a program printed.
    case output
}

/// What a fact says; a list may be empty.
package enum FactValue: Sendable, Equatable {
    case text(String)
    case number(Int)
    case list([String])
}

/// The facts of one run, each name at most once, in the order in which they were learned.
package struct Facts: Sendable, Equatable {
    package private(set) var entries: [(name: FactName, value: FactValue)] = []

    package init() {}

    package subscript(name: FactName) -> FactValue? {
        get { entries.first { $0.name == name }?.value }
        set {
            entries.removeAll { $0.name == name }
            if let newValue { entries.append((name, newValue)) }
        }
    }

    package static func == (left: Facts, right: Facts) -> Bool {
        left.entries.elementsEqual(right.entries) { $0.name == $1.name && $0.value == $1.value }
    }
}
