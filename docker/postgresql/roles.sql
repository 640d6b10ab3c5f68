-- Run once by the image of PostgreSQL, as the superuser, when the data folder is new: two owners that know nothing of each other.
\set paspor_password `cat /run/secrets/paspor_password`
\set temporal_password `cat /run/secrets/temporal_password`
CREATE ROLE paspor LOGIN PASSWORD :'paspor_password';
CREATE ROLE temporal LOGIN PASSWORD :'temporal_password';
CREATE DATABASE paspor OWNER paspor;
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
REVOKE CONNECT, TEMPORARY ON DATABASE paspor, temporal, temporal_visibility FROM PUBLIC;
