import Glibc
import Logging
import ServiceLifecycle
import UnixSignals
import VitalsCore
import VitalsEngine
import VitalsNet
import VitalsServer
import VitalsStore

/// Puts the parts together: the only file that knows every type.
enum Compose {
    /// Runs `body` with a network, and takes it down afterwards.
    static func withNetwork<Result>(_ body: (Network) async throws -> Result) async throws -> Result {
        let network = try Network(version: Product.version, clock: .system)
        do {
            let result = try await body(network)
            try await network.shutdown()
            return result
        } catch {
            try await network.shutdown()
            throw error
        }
    }

    /// How the kind of probe is written that a URL on the command line asks for.
    static func form(of target: String, _ network: Network) throws(TargetError) -> ProbeForm {
        let scheme = target.prefix { $0 != ":" }.lowercased()
        guard target.contains(":"), let form = network.forms.first(where: { $0.schemes.contains(scheme) })
        else {
            if scheme == "heartbeat" {
                throw TargetError(
                    "a heartbeat cannot be asked: it is the target that pings the server, whose API says "
                        + "under health-checks/<id> what was heard")
            }
            let known = network.forms.flatMap(\.schemes).map { "\($0)://" }.joined(separator: ", ")
            throw TargetError("a target begins with one of \(known)")
        }
        return form
    }

    /// The probe of a target on the command line, with settings of its kind as a file would have them.
    static func probe(
        _ form: ProbeForm, of target: String, with settings: [String], _ network: Network
    ) throws -> any Probe {
        let names = form.fields.compactMap(\.variable)
        let environment = names.isEmpty ? [:] : try SecretFiles().variables(names)
        guard !settings.isEmpty else {
            let written = Settings(target: TargetText(target), as: form.fields[0].name)
            return try form.make(written.filled(form.fields, from: environment))
        }
        return try reader(network).probe(form, of: target, with: settings, environment: environment)
    }

    /// Questions on the command line, as a file would have them.
    static func questions(
        _ form: ProbeForm, _ items: [String], _ network: Network
    ) throws(ConfigurationError) -> [OwnQuestion] {
        guard !items.isEmpty else { return [] }
        return try reader(network).questions(form, items)
    }

    private static func reader(_ network: Network) -> ConfigurationReader {
        ConfigurationReader(forms: network.forms, channelForms: []) { Revision($0) }
    }

    /// One run of a probe, by itself.
    ///
    /// - Parameter round: what it measures besides. Default: nothing.
    static func start(
        _ probe: any Probe, on network: Network, timeout: Duration, measuring round: VitalRound = .none
    ) async -> ProbeResult {
        await withCheckedContinuation { continuation in
            network.probeLoop.execute {
                let job = ProbeJob(at: MachineClock.system.wall(), trigger: .manual, timeout: timeout)
                    .measuring(round, within: timeout)
                _ = probe.start(job) { continuation.resume(returning: $0) }
            }
        }
    }

    /// Where the configuration comes from, as the server and `config validate` see it.
    ///
    /// - Parameters:
    ///   - path: of its file or folder; nothing: the server watches itself.
    ///   - listen: the flag.
    ///   - key: of the revisions. Default: any, for a configuration that is only looked at.
    ///   - sealed: how the store keeps its part.
    static func sources(
        path: String?, listen: String?, _ network: Network, key: [UInt8] = RevisionKey.random(),
        sealed: SealedText = SealedText(secret: RevisionKey.random())
    ) -> ConfigurationSources {
        let digest = RevisionDigest(key: key)
        let reader = ConfigurationReader(forms: network.forms, channelForms: network.channelForms) {
            digest($0)
        }
        let secrets = SecretFiles()
        let files = ConfigurationFiles(path: path, secrets: secrets.paths)
        return ConfigurationSources(
            reader, files: { () throws(ConfigurationError) in try files.read() },
            fingerprint: { files.fingerprint() },
            environment: { (names) throws(ConfigurationError) in try secrets.variables(names) },
            flags: ConfigurationFlags(listen: listen), sealer: sealed.sealer)
    }

    /// Reads the configuration, or says what is wrong with it and ends.
    static func configuration(
        _ sources: ConfigurationSources, stored: [StoredResource] = []
    ) throws -> (files: ConfigurationSnapshot, read: ReadConfiguration) {
        do {
            let files = try sources.files()
            return (files, try sources.read(files, stored))
        } catch {
            StandardError.write("\(error)")
            throw ExitStatus.badConfiguration
        }
    }

    /// Takes the data folder, which nobody else may have.
    static func store(folder: String) throws -> SQLiteStore {
        do {
            return try Progress.showing("checking the store in \(folder)") { try SQLiteStore(folder: folder) }
        } catch {
            StandardError.write("vitals serve: \(error)")
            throw ExitStatus.temporaryFailure
        }
    }

    /// The file for results that memory has no room for. Without it the server does what it can: it is for
    /// bad times, and a start is none.
    private static func spool(folder: String, _ logger: Logger) -> SpoolFile? {
        do {
            return try SpoolFile(folder: folder)
        } catch {
            logger.warning(
                "no spool: while the store cannot be written, memory alone holds results",
                metadata: ["error": "\(error)"])
            return nil
        }
    }

    private static func log(_ status: ServerCertificate.Status, _ logger: Logger) {
        if let problem = status.problem {
            logger.error("the certificate is not taken up; what was in force stays so: \(problem)")
        } else {
            logger.notice("a certificate is in force", metadata: ["expires": "\(status.expiresAt.iso8601)"])
        }
    }

    /// Everything that a server is made of, ready to run.
    ///
    /// - Parameter stored: what the store keeps of the configuration, opened.
    static func server(
        _ read: ReadConfiguration, from sources: ConfigurationSources, files: ConfigurationSnapshot,
        stored: [StoredResource],
        store: SQLiteStore, folder: String, _ network: Network, isInsecure: Bool, logger: Logger,
        accessLog: Logger,
        didListen: @escaping @Sendable (Int) -> Void
    ) async throws -> ServiceGroup {
        var configuration = read.configuration
        let places = OpenFiles.defaultPlaces(limit: OpenFiles.raiseLimit())
        configuration.server.maxConcurrentHealthChecks =
            configuration.server.maxConcurrentHealthChecks ?? places
        let settings = configuration.server
        let access = try ListenPolicy.access(
            listeningOn: settings.host, token: settings.apiToken, isInsecure: isInsecure)
        let node = try await Node(
            configuration, store: store, resources: sources.changes(from: stored, to: read.stored),
            spool: spool(folder: folder, logger),
            deadman: try configuration.deadman.map { settings throws in try network.deadman(settings) },
            on: network.probeLoop, clock: .system, logger: logger, version: Product.version)
        let certificate = try settings.tls.map { files throws in
            try ServerCertificate(files) { status in log(status, logger) }
        }
        let live = LiveConfiguration(
            node, sources, files: files, stored: read.stored, on: network.probeLoop)
        let (listening, hasListened) = AsyncStream.makeStream(of: Void.self)
        let server = HTTPServer(
            node: node, live: live, forms: network.forms, channelForms: network.channelForms,
            access: access, certificate: certificate, logger: logger,
            accessLog: settings.isAccessLogged ? accessLog : nil
        ) {
            didListen($0)
            hasListened.yield()
        }
        var quiet = logger
        quiet.logLevel = .error
        var group = ServiceGroupConfiguration(
            services: [
                // They stop in reverse: the node first, which answers whoever waits for a run.
                .init(
                    service: server, failureTerminationBehavior: .gracefullyShutdownGroup,
                    serviceName: "server"),
                .init(service: WatchOnceListening(node: node, listening: listening), serviceName: "node"),
                .init(service: ConfigurationService(live: live), serviceName: "configuration"),
                .init(service: ReloadOnHangUp(live: live, certificate: certificate), serviceName: "hang-up"),
            ] + (certificate.map { [.init(service: $0, serviceName: "certificate")] } ?? []),
            gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
        // Only for what hangs, such as a disk that does not answer: the node keeps within its own time.
        group.maximumGracefulShutdownDuration = settings.shutdownTimeout + .seconds(10)
        group.maximumCancellationDuration = settings.shutdownTimeout + .seconds(10)
        return ServiceGroup(configuration: group)
    }
}

/// The node, which begins to probe once the server answers: one of its targets may be that server.
private struct WatchOnceListening: Service {
    let node: Node
    let listening: AsyncStream<Void>

    func run() async {
        for await _ in listening.cancelOnGracefulShutdown() {
            await node.run()
            return
        }
    }
}

private struct ConfigurationService: Service {
    let live: LiveConfiguration

    func run() async { await live.run() }
}

/// Has the files read again when whoever started the server says so, as daemons do it.
private struct ReloadOnHangUp: Service {
    let live: LiveConfiguration
    let certificate: ServerCertificate?

    func run() async {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            live.reload()
            certificate?.reload()
        }
    }
}
