namespace DistTrain.Node.Blocks;

/// <summary>No source gave what was asked for. Weather, not a mistake: whoever asked goes on without it or asks again.</summary>
public sealed class BlockFetchException : Exception
{
    public BlockFetchException(string message) : base(message)
    {
    }

    public BlockFetchException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
