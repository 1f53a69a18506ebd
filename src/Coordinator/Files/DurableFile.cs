namespace DistTrain.Coordinator.Files;

/// <summary>
/// Files that are there whole or not at all, also after a crash: written beside, flushed, renamed into place, the name flushed.
/// </summary>
public static class DurableFile
{
    const string TemporaryEnd = ".tmp";
    const int MarkLength = 32;

    /// <summary>Writes <paramref name="path"/>; if anything fails, what was there before stays.</summary>
    /// <param name="write">Writes the content; the stream is closed by the caller.</param>
    /// <param name="beforeRename">Called when the content is on the disk; what it throws keeps the name as it was.</param>
    /// <remarks>A file whose flush failed is given up, never flushed again: its pages may count as written without being so.</remarks>
    public static void Write(IDisk disk, string path, Action<Stream> write, Action? beforeRename = null) =>
        Write(disk, path, write, temporary =>
        {
            beforeRename?.Invoke();
            disk.Rename(temporary, path);
            return true;
        });

    /// <summary>Writes <paramref name="path"/> unless there is a file of that name; false where there is, which stays.</summary>
    public static bool TryCreate(IDisk disk, string path, Action<Stream> write) =>
        Write(disk, path, write, temporary => disk.TryRename(temporary, path));

    /// <summary>A name beside <paramref name="path"/> that nothing else has.</summary>
    public static string TemporaryFor(string path) => $"{path}.{Guid.NewGuid():N}{TemporaryEnd}";

    /// <summary>
    /// Whether a file or folder of this name or path was left behind by a writer that died: a mark of ours stands before its end.
    /// </summary>
    public static bool IsTemporary(string name)
    {
        if (!name.EndsWith(TemporaryEnd, StringComparison.Ordinal)) return false;
        var parts = Path.GetFileName(name).Split('.');
        return parts.Length > 2 && parts[^2].Length == MarkLength && parts[^2].All(char.IsAsciiHexDigitLower);
    }

    static bool Write(IDisk disk, string path, Action<Stream> write, Func<string, bool> putInPlace)
    {
        var temporary = TemporaryFor(path);
        try
        {
            using (var file = disk.Create(temporary))
            {
                write(file);
                disk.Flush(file);
            }
            if (!putInPlace(temporary)) return false;
        }
        finally
        {
            DeleteIfThere(disk, temporary);
        }
        disk.FlushFolder(Path.GetDirectoryName(path)!);
        return true;
    }

    /// <summary>
    /// Without a word where even that fails: what went wrong before is what matters, and nobody takes the file for whole.
    /// </summary>
    static void DeleteIfThere(IDisk disk, string path)
    {
        try
        {
            disk.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It stays beside until the run is resumed.
        }
    }
}
