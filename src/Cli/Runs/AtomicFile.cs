namespace DistTrain.Cli.Runs;

/// <summary>Files that are there whole or not at all: written beside, flushed to disk, renamed into place.</summary>
static class AtomicFile
{
    /// <summary>Writes <paramref name="path"/>; if <paramref name="write"/> fails, what was there before stays.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
