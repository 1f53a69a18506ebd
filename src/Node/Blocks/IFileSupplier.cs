namespace DistTrain.Node.Blocks;

/// <summary>Who has files that other nodes may fetch. They are asked for by content alone, so no path ever comes from outside.</summary>
public interface IFileSupplier
{
    /// <summary>The file with this hash, at its beginning; owned by the caller. Null where there is none.</summary>
    /// <param name="sha256">64 lower-case hex digits.</param>
    Stream? TryOpen(string sha256);
}
