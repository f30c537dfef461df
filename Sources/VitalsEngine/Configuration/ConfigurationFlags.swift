/// What the command line says beyond the file and the environment; it wins over both.
package struct ConfigurationFlags: Sendable, Equatable {
    /// `--listen`, as written.
    package let listen: String?

    package init(listen: String? = nil) {
        self.listen = listen
    }
}
