using System.IO.MemoryMappedFiles;
using DistTrain.Numerics;

namespace DistTrain.Node.Datasets;

/// <summary>
/// A file mapped into memory, read only: the system brings pages when they are read and may drop them again. It stays mapped until it is
/// disposed, which is for an owner who knows that nobody reads any more; the collector never does it. The file must not be shortened
/// meanwhile, which those that put whole files into place never do.
/// </summary>
public sealed unsafe class MappedFile : StillMemory
{
    readonly MemoryMappedViewAccessor _view;
    readonly byte* _first;
    bool _isDisposed;

    MappedFile(FileStream file)
    {
        (Path, Length) = (file.Name, (int)file.Length);

        // The view stays when map and file are closed: a dataset of very many files takes no handles.
        using var map = MemoryMappedFile.CreateFromFile(
            file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _view = map.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);

        // Never given back but by Dispose: with it, the collector leaves the view in place.
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _first);
        _first += _view.PointerOffset;
    }

    /// <summary>Absolute; another file may have taken it since.</summary>
    public string Path { get; }

    public override byte* First => _first;

    public override int Length { get; }

    /// <summary>Maps a file of 1 … 2³¹ − 1 bytes.</summary>
    /// <exception cref="IOException">It cannot be opened, is empty or is longer.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static MappedFile Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        try
        {
            if (file.Length is 0 or > int.MaxValue) throw new IOException($"It has {file.Length} bytes.");
            return new MappedFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Gives up its pages: who reads it nevertheless has them read from the disk again.</summary>
    public void LetGo()
    {
        PageAdvice.Unmap(_first, Length);
        PageAdvice.LetGo(Path);
    }

    protected override void Dispose(bool disposing)
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
    }
}
