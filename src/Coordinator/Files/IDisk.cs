namespace DistTrain.Coordinator.Files;

/// <summary>
/// What durable files need of a disk, one call of the operating system each; a test gives its own, which fails, or forgets what was not
/// flushed. Paths are absolute. Every member may throw <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.
/// </summary>
public interface IDisk
{
    /// <summary>Makes a folder and its parents; without effect where it is there.</summary>
    void CreateFolder(string path);

    /// <summary>Names of the files in a folder, in no order; none where the folder is not there.</summary>
    IReadOnlyList<string> FilesIn(string folder);

    /// <summary>A file's content.</summary>
    Stream Read(string path);

    /// <summary>A new file, to be written by the caller alone.</summary>
    /// <exception cref="IOException">There is one of this name.</exception>
    Stream Create(string path);

    /// <summary>Returns when the content of a file made by <see cref="Create"/> is on the disk; its name need not be.</summary>
    void Flush(Stream file);

    /// <summary>Returns when the names in a folder are on the disk.</summary>
    void FlushFolder(string path);

    /// <summary>Gives a file another name in one step; what bore that name before is gone.</summary>
    void Rename(string path, string newPath);

    /// <summary>Gives a file another name in one step; false where that name is taken.</summary>
    bool TryRename(string path, string newPath);

    /// <summary>Removes a file; without effect where it is not there.</summary>
    void Delete(string path);
}
