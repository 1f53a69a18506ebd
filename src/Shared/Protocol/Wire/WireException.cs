namespace DistTrain.Protocol.Wire;

/// <summary>
/// Bytes that are no message or block of this protocol, or a message that must not travel: what was found, and what was expected.
/// </summary>
public sealed class WireException(string message, Exception? innerException = null) : Exception(message, innerException);
