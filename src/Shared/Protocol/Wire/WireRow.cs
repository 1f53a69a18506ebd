namespace DistTrain.Protocol.Wire;

/// <summary>Writes the fields of a message, in the order of their keys.</summary>
delegate void WriteFields<in T>(ref WireWriter to, T message);

/// <summary>Reads them in the same order.</summary>
delegate T ReadFields<out T>(ref WireReader from);

/// <summary>A row of the protocol's table: one type of message that may travel.</summary>
/// <param name="manifest">Its name on the wire, for good.</param>
abstract class WireRow(string manifest, Type type)
{
    public string Manifest { get; } = manifest;

    public Type Type { get; } = type;

    public abstract void Write(ref WireWriter to, IProtocolMessage message);

    public abstract IProtocolMessage Read(ref WireReader from);
}

/// <param name="fieldCount">Fields have the keys 0 … fieldCount − 1, all of them there in every message.</param>
sealed class WireRow<T>(string manifest, int fieldCount, WriteFields<T> write, ReadFields<T> read) : WireRow(manifest, typeof(T))
    where T : class, IProtocolMessage
{
    public override void Write(ref WireWriter to, IProtocolMessage message)
    {
        to.Fields(fieldCount);
        write(ref to, (T)message);
    }

    public override IProtocolMessage Read(ref WireReader from)
    {
        from.Fields(fieldCount);
        return read(ref from);
    }
}
