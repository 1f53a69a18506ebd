using System.Security.Cryptography;
using DistTrain.Node.Blocks;

namespace DistTrain.Node.Tests.Blocks;

/// <summary>A folder that goes with the test.</summary>
sealed class TemporaryFolder : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("disttrain-blocks-");

    public string Write(string name, byte[] content)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>Writes a file, publishes it, and gives its SHA-256.</summary>
    public string Publish(PublishedFiles files, byte[] content)
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        files.Publish(sha256, Write(sha256, content));
        return sha256;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
