import VitalsCore
import VitalsEngine

/// The configuration, as the API reads and changes it.
struct Editing: Sendable {
    let forms: [ProbeForm]
    let channelForms: [ChannelForm]
    /// What the store keeps, and what is in force.
    var stored: @Sendable () -> StoredConfiguration
    let status: @Sendable () -> LiveConfiguration.Status
    let edit: @Sendable (@escaping LiveConfiguration.Edit) async -> LiveConfiguration.EditOutcome
    let now: @Sendable () -> Timestamp

    /// Changes the stored part, and waits until that is in force. What was done under the key of the request
    /// already is not done again: hence one change a request.
    ///
    /// - Parameter kind: of what is changed: a problem's path begins inside of it.
    func perform(_ kind: ResourceKey.Kind, _ body: @escaping LiveConfiguration.Edit) async throws(Problem) {
        let key = RequestKey.current
        if let key, stored().isRepeated(key, at: now()) == true { return }
        let outcome = await edit { (stored) throws(EditRefusal) in
            try body(&stored)
            if let key { stored.keep(key, at: now()) }
        }
        switch outcome {
        case .done: return
        case .refused(let refusal): throw Problem(refusal, kind)
        case .invalid(let error): throw Problem(invalid: error, kind)
        case .notRecorded: throw Problem(.notRecorded, "The change could not be recorded.")
        }
    }
}

extension Editing {
    init(_ live: LiveConfiguration, forms: [ProbeForm], channelForms: [ChannelForm]) {
        self.init(
            forms: forms, channelForms: channelForms, stored: { live.stored }, status: { live.status },
            edit: { await live.edit($0) }, now: { live.now() })
    }
}

extension Problem {
    init(_ refusal: EditRefusal, _ kind: ResourceKey.Kind) {
        switch refusal {
        case .unknown: self.init(.notFound, "No \(kind.rawValue) has this id.")
        case .taken: self.init(.taken, "Another \(kind.rawValue) has this id.")
        case .managedByFile(let name):
            self.init(.managedByFile, "The file \(name) says how it is; change it there.")
        case .managedByVariable(let name):
            self.init(
                .managedByEnvironment, "The environment variable \(name) manages it; change that.")
        case .changedMeanwhile:
            self.init(.changedMeanwhile, "It is not as it was when you read it; read it again.")
        case .invalid(let message, let path):
            self.init(invalid: [Fault(path: path, message: message)])
        }
    }

    /// - Parameter kind: of what was to be changed.
    init(invalid error: ConfigurationError, _ kind: ResourceKey.Kind) {
        self.init(
            invalid: error.problems.map { problem in
                guard case .stored(let path) = problem.place else {
                    return Fault(path: "", message: problem.description)
                }
                return Fault(path: StoredShape.pathInside(path, kind), message: problem.message)
            })
    }

    init(invalid faults: [Fault]) {
        self.init(.invalidConfiguration, "With this the configuration would be wrong; nothing was changed.")
        self.faults = faults
    }
}
