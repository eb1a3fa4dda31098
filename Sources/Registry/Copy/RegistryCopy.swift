import Dispatch
public import Foundation

/// Copies a registry from one database to another, of whatever kind, and proves that all of it is there.
///
/// A registry is moved in three transactions, so that whatever is cut off whenever, no two registries go on from the same
/// certificates:
///
/// 1. The target takes everything, is verified, and is committed closed. The source's lock is held all the while: nobody
///    changes anything meanwhile.
/// 2. The source is closed, in the transaction that has held the lock.
/// 3. The target is opened.
///
/// Cut off before 1 is committed, the source goes on and the target is empty. Before 2, the source goes on, and the target
/// refuses every change and is made anew by the next attempt. Before 3, both hold the same and refuse every change, and the
/// next attempt knows them by the number of the copy and opens the target. The same holds where the answer to a COMMIT is lost.
public struct RegistryCopy: Sendable {
    /// What the two are called, and what those are told who come to the source afterwards.
    public struct Names: Hashable, Sendable {
        /// The source.
        public var source: String
        /// The target.
        public var target: String
        /// How a server is started on the target.
        public var start: String

        /// Makes names, without passwords in them.
        public init(source: String, target: String, start: String) {
            (self.source, self.target, self.start) = (source, target, start)
        }
    }

    private let source: any CopyableDatabase
    private let target: any CopyableDatabase
    private let names: Names
    private let keepsSource: Bool
    private let acceptsFaults: Bool

    /// Prepares a copy.
    ///
    /// - Parameters:
    ///   - source: What is copied.
    ///   - target: Where nothing is yet.
    ///   - names: What they are called.
    ///   - keepsSource: Whether the source goes on, and so does not wait: the copy is one to try out.
    ///   - acceptsFaults: Whether an audit log is copied, too, that does not verify.
    public init(
        from source: any CopyableDatabase,
        to target: any CopyableDatabase,
        names: Names,
        keepingSource keepsSource: Bool = false,
        acceptingFaults acceptsFaults: Bool = false
    ) {
        (self.source, self.target, self.names) = (source, target, names)
        (self.keepsSource, self.acceptsFaults) = (keepsSource, acceptsFaults)
    }

    /// Copies it.
    ///
    /// - Parameters:
    ///   - decider: Who does it.
    ///   - now: The time.
    ///   - progress: Is told now and then how far it is: each row is written, and read again, and so is each event a third time.
    /// - Returns: What was copied.
    /// - Throws: ``CopyError`` or ``RegistryError``, each one sentence.
    public func run(
        by decider: Decider,
        at now: Date,
        progress: @escaping @Sendable (DumpProgress) -> Void = { _ in }
    ) async throws -> CopyReport {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "registry.copying").async {
                continuation.resume(
                    with: Result {
                        let filling = CopyFilling(names: self.names, decider: decider, now: now, progress: progress)
                        return try self.keepsSource ? self.copy(filling) : self.move(filling)
                    })
            }
        }
    }

    /// Whether there is nothing at all in a database.
    ///
    /// - Throws: ``RegistryError``.
    public static func isEmpty(_ database: any CopyableDatabase) throws -> Bool {
        try database.alone(.reading) { try $0.tables().isEmpty }
    }

    private func copy(_ filling: CopyFilling) throws -> CopyReport {
        try self.check()
        return try self.source.alone(.reading) { source in
            if let closure = try RegistryClosure.find(in: source), !closure.isComplete {
                throw RegistryError.closed(closure.reason)
            }
            return try self.target.alone(.writing) { target in
                try filling.fill(target, self.target.dialect, from: source, acceptingFaults: self.acceptsFaults)
            }
        }
    }

    private func move(_ filling: CopyFilling) throws -> CopyReport {
        let known = try self.source.alone(.reading) { try RegistryClosure.find(in: $0) }
        if let known { return try self.finish(known, filling) }
        try self.check()
        let copy = UUID().uuidString
        let report = try self.source.alone(.writing) { source in
            if let closure = try RegistryClosure.find(in: source) { throw RegistryError.closed(closure.reason) }
            let report = try self.target.alone(.writing) { target in
                let report = try filling.fill(
                    target, self.target.dialect, from: source, acceptingFaults: self.acceptsFaults)
                let reason =
                    "the copy of \(self.names.source) into this database is not finished: give ucm database copy again"
                try RegistryClosure(copy: copy, isComplete: false, reason: reason).close(target, self.target.dialect)
                return report
            }
            let reason = "this registry has moved to \(self.names.target): start the server with \(self.names.start)"
            try RegistryClosure(copy: copy, isComplete: true, reason: reason).close(source, self.source.dialect)
            return report
        }
        try self.open(copy)
        return report
    }

    /// Makes the last step of a copy that was cut off before it.
    private func finish(_ closure: RegistryClosure, _ filling: CopyFilling) throws -> CopyReport {
        guard closure.isComplete else { throw RegistryError.closed(closure.reason) }
        let other = try self.target.alone(.reading) { try RegistryClosure.find(in: $0) }
        guard let other, other.copy == closure.copy, !other.isComplete else {
            throw CopyError(.moved, "nothing is copied: \(closure.reason)")
        }
        var report = try self.source.alone(.reading) { source in
            try self.target.alone(.reading) { try filling.verify($0, against: source) }
        }
        report.isResumed = true
        try self.open(closure.copy)
        return report
    }

    private func open(_ copy: String) throws {
        try self.target.alone(.writing) { target in
            guard try RegistryClosure.find(in: target)?.copy == copy else {
                throw CopyError(.notEmpty, "somebody has changed \(self.names.target) meanwhile")
            }
            try RegistryClosure.open(target, self.target.dialect)
        }
    }

    /// Says what is wrong before anybody has to wait for it.
    private func check() throws {
        try self.target.alone(.reading) { try CopyTarget.check($0, self.names.target) }
    }
}
