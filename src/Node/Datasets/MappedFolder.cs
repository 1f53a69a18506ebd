using System.Collections.Concurrent;
using DistTrain.Formats.Datasets;
using DistTrain.Problems;

namespace DistTrain.Node.Datasets;

/// <summary>
/// A dataset's folder on a disk of this machine, its files mapped. Disposing it unmaps them all: for an owner who knows that nobody reads.
/// </summary>
/// <param name="path">Absolute.</param>
/// <param name="shown">The folder's name in messages.</param>
public sealed class MappedFolder(string path, string shown) : IStoredContent, IDisposable
{
    readonly FilesAhead _ahead = new();
    readonly ConcurrentBag<MappedFile> _mapped = [];
    readonly ConcurrentDictionary<string, MappedFile> _latest = new(StringComparer.Ordinal);

    /// <summary>Whether a folder holds a dataset, as far as its names tell.</summary>
    public static bool HoldsDataset(string path) => File.Exists(Path.Combine(path, DatasetNames.Manifest));

    /// <summary>The manifest's content.</summary>
    /// <exception cref="DistTrainException">DT4701, DT4704.</exception>
    public byte[] ReadManifest()
    {
        if (!HoldsDataset(path)) throw StoredProblems.NoDataset(shown).AsException();
        try
        {
            return File.ReadAllBytes(Path.Combine(path, DatasetNames.Manifest));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoredProblems.Unreadable(ShownNameOf(DatasetNames.Manifest), e.Message).AsException(e);
        }
    }

    public ReadOnlyMemory<byte> Open(StoredFile file)
    {
        var mapped = Map(file);
        try
        {
            file.RequireIn(mapped.Memory, ShownNameOf(file.Name));
        }
        catch
        {
            ((IDisposable)mapped).Dispose();
            throw;
        }
        _mapped.Add(mapped);
        _latest[file.Name] = mapped;
        return mapped.Memory;
    }

    public void ReadAhead(StoredFile file) => _ahead.Begin(PathOf(file));

    public void Await(StoredFile file) => _ahead.Await(PathOf(file));

    public void LetGo(StoredFile file)
    {
        if (_latest.TryGetValue(file.Name, out var mapped)) mapped.LetGo();
    }

    public string ShownNameOf(string fileName) => $"{shown}/{fileName}";

    public void Dispose()
    {
        _ahead.Dispose();
        while (_mapped.TryTake(out var file)) ((IDisposable)file).Dispose();
    }

    MappedFile Map(StoredFile file)
    {
        try
        {
            return MappedFile.Open(PathOf(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoredProblems.Unreadable(ShownNameOf(file.Name), e.Message).AsException(e);
        }
    }

    string PathOf(StoredFile file) => Path.Combine(path, file.Name);
}
