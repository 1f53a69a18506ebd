using DistTrain.Coordinator.Files;

namespace DistTrain.Coordinator.Runs;

/// <summary>Files that are there whole or not at all, on this machine's disk (<see cref="DurableFile"/>).</summary>
static class AtomicFile
{
    /// <summary>Writes <paramref name="path"/>; if <paramref name="write"/> fails, what was there before stays.</summary>
    /// <param name="beforeRename">Called when the content is on the disk; what it throws keeps the name as it was.</param>
    public static void Write(string path, Action<Stream> write, Action? beforeRename = null) =>
        DurableFile.Write(Disk.Instance, path, write, beforeRename);
}
